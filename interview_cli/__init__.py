"""Flash cards and quizzes for machine-learning interviews, with executable answers."""

__version__ = "0.1.0"
