"""What is built, brought to a stage: on the local engine or on AWS, by the same code."""
