"""Pages of the Operations portal that need nothing but this floor."""
