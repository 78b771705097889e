"""What the user wrote: text to frozen models, and edits that keep its layout."""
