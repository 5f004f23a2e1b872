"""What is computed: frames in, frames out."""
