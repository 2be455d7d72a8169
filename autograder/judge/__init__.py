"""The grader's side of the boundary: test cells run here, against proxies of what the student defined."""
