"""What config.yaml says, read and checked before any job is planned. No science module ever sees it."""
