"""`python -m roadtui` is `roadtui`."""

from roadtui.cli.main import main

if __name__ == "__main__":
    main()
