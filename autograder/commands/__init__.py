"""The commands by who types them; `cli` gathers them."""
