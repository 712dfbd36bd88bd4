"""`python -m roadtui` is `roadtui`."""

from roadtui.start import main

if __name__ == "__main__":
    main()
