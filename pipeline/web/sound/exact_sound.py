"""The sound of an episode as a WAV file, any part of which is decoded when it is asked for.

Browsers find a second of a WAV file by its bytes, to the sample. In the files that podcasts come as they are wrong, in
an MP3 by seconds: docs/page.md has what was measured.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Generator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Send

from pipeline.hearing.episode_sound import WholeSound
from pipeline.library import Library
from pipeline.web import urls
from pipeline.web.dependencies import Pool
from pipeline.web.sound.byte_ranges import UnsatisfiableRangeError, requested_range

WAV = "audio/wav"
WHOLE, PART, UNSATISFIABLE = 200, 206, 416

LONGEST_CHECK = 120.0
"""Seconds for reading a recording once, to see whether it is the one that was transcribed."""

MOST_KNOWN = 1000
"""Recordings that are not read again to be checked, as long as they do not change."""

router = APIRouter(tags=["sound"])
_SOUND: dict[int | str, Any] = {
    WHOLE: {"description": "The file.", "content": {WAV: {}}},
    PART: {"description": "A part of it.", "content": {WAV: {}}},
}


class KnownSounds:
    """The sounds of episodes that were found lately."""

    def __init__(self) -> None:
        self._latest: OrderedDict[str, WholeSound] = OrderedDict()

    async def find(self, pool: Pool, episode: str) -> WholeSound:
        """Return the sound of an episode. Raises as ``Library.whole_sound``."""
        sound = await pool.ask(_find_sound, episode, self._latest.pop(episode, None), limit=LONGEST_CHECK)
        self._latest[episode] = sound
        if len(self._latest) > MOST_KNOWN:
            self._latest.popitem(last=False)
        return sound


def _find_sound(library: Library, episode: str, known: WholeSound | None) -> WholeSound:
    return library.whole_sound(episode, known)


@router.head(urls.SOUND, include_in_schema=False)
@router.get(urls.SOUND, response_class=Response, responses=_SOUND)
async def send_sound(request: Request, episode: str, pool: Pool) -> Response:
    """The sound of an episode as a WAV file, of which a part may be asked for (Range)."""
    known: KnownSounds = request.app.state.known_sounds
    sound = await known.find(pool, episode)
    wav = await run_in_threadpool(sound.open)
    size, tag = wav.size, f'"{sound.tag}"'
    headers = {"accept-ranges": "bytes", "etag": tag}
    try:
        part = requested_range(request.headers, size, tag)
    except UnsatisfiableRangeError:
        return Response(status_code=UNSATISFIABLE, headers={**headers, "content-range": f"bytes */{size}"})
    start, end = part or (0, size)
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    headers["content-length"] = str(end - start)
    status = PART if part else WHOLE
    if request.method == "HEAD":
        return Response(None, status, headers, WAV)
    return _DecodedSound(wav.read(start, end), status, headers)


class _DecodedSound(StreamingResponse):
    """An answer that is decoded in threads while it is sent, no faster than it is taken, and no longer."""

    def __init__(self, blocks: Generator[bytes], status: int, headers: dict[str, str]) -> None:
        super().__init__(_decode(blocks), status, headers, WAV)
        self._blocks = blocks

    async def stream_response(self, send: Send) -> None:
        """Send the answer; whoever goes away ends the decoding."""
        try:
            await super().stream_response(send)
        finally:
            self._blocks.close()


async def _decode(blocks: Generator[bytes]) -> AsyncIterator[bytes]:
    while block := await run_in_threadpool(next, blocks, b""):
        yield block
