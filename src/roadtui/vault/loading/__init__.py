"""Reading many notes beside the user: in a process of their own, so that no key waits for the interpreter."""
