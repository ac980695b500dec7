"""gca: the terminal work queue of a gestionnaire conseil allocataires."""
