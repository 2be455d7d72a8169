"""Which test cells of an existing nbgrader course run apart from the student's code, and which cannot, and why."""
