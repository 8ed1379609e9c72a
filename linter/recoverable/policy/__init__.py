"""IAM policy documents."""
