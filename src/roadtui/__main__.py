"""`python -m roadtui` is `roadtui`."""

from roadtui.cli import main

if __name__ == "__main__":
    main()
