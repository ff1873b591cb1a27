"""An invented firm's clients, for trying the software out and for showing it."""
