"""What single statements of policies allow, deny, guard or miss, as rules about permissions judge them."""
