"""`haidang up`: embedded servers and our processes as children, restarted, watched and stopped cleanly."""
