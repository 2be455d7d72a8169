"""Packages that add to the grader, laid out in a folder as pip would install them."""

from pathlib import Path


def installed(folder: Path, name: str, code: str, points: dict[str, dict[str, str]]) -> Path:
    """Put a module and its entry points, by group, into a folder that can be imported from; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(code, encoding="utf-8")
    facts = folder / f"{name}-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    groups = [
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in named.items())
        for group, named in points.items()
    ]
    (facts / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    return folder
