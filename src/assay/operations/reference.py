"""Write the reference of objectives, controls and frameworks as Markdown pages."""

from pathlib import Path

from assay.errors import UsageError

FOLDERS = ("objectives", "controls", "frameworks")


def write_pages(pages: dict[str, str], directory: Path) -> tuple[int, int]:
    """Make the folder hold exactly the pages given; return (pages written, stale pages deleted).

    Only Markdown files in the folders of the reference are ever deleted. Raises UsageError when one cannot be written.
    """
    written = 0
    try:
        for name, text in pages.items():
            target = directory / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.is_file() or target.read_text("utf-8") != text:
                target.write_text(text, encoding="utf-8")
                written += 1
        made = [path for folder in FOLDERS for path in (directory / folder).glob("*.md")]
        stale = [path for path in made if path.relative_to(directory).as_posix() not in pages]
        for path in stale:
            path.unlink()
    except OSError as error:
        raise UsageError(f"cannot write {error.filename}: {error.strerror}") from error
    return written, len(stale)
