"""Writers: each turns a Report into one form, and knows nothing of how the Report came about."""
