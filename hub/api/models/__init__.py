"""What the API takes and gives, as pydantic models; the console's types are made from them."""
