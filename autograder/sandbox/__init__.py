"""Starting and stopping the student's side: bubblewrap, the fork server inside it, one fork a submission."""
