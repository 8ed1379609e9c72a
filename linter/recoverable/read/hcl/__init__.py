"""HCL, the language of Terraform: text in, syntax out. What it means is the business of `read.terraform`."""
