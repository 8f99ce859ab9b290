import hashlib
import os
import threading

import pytest

from edge.media.pictures import MEBIBYTE, PictureQuota, PictureStore

QUARTER = MEBIBYTE // 4


def picture(number: int, size: int = QUARTER) -> bytes:
    return b"\xff\xd8\xff" + bytes([number]) * (size - 3)


def store(folder, max_mib=1.0) -> PictureStore:
    return PictureStore(folder / "pictures", PictureQuota(max_mib=max_mib))


def test_picture_is_a_file_named_by_its_hash(tmp_path):
    pictures = store(tmp_path)
    assert not (tmp_path / "pictures").exists()
    name = pictures.put(picture(1))
    assert name == hashlib.sha256(picture(1)).hexdigest()
    assert pictures.path(name) == tmp_path / "pictures" / name
    assert pictures.path(name).read_bytes() == picture(1)
    assert [one.name for one in (tmp_path / "pictures").iterdir()] == [name]


def test_same_picture_twice_is_one_file(tmp_path):
    pictures = store(tmp_path)
    assert pictures.put(picture(1)) == pictures.put(picture(1))
    assert len(pictures.waiting()) == 1


def test_oldest_goes_when_the_quota_is_full_and_is_counted(tmp_path):
    pictures = store(tmp_path)
    names = [pictures.put(picture(number)) for number in range(6)]
    assert pictures.waiting() == names[2:]
    assert pictures.dropped == 2
    assert pictures.path(names[0]) is None
    assert {one.name for one in (tmp_path / "pictures").iterdir()} == set(names[2:])


def test_newest_stays_even_when_it_alone_is_too_large(tmp_path):
    pictures = store(tmp_path)
    pictures.put(picture(1))
    large = pictures.put(picture(2, 2 * MEBIBYTE))
    assert pictures.waiting() == [large]


def test_restart_finds_what_waits_in_order_and_clears_what_was_not_finished(tmp_path):
    first = store(tmp_path)
    names = [first.put(picture(number)) for number in range(3)]
    for age, name in enumerate(reversed(names)):
        os.utime(tmp_path / "pictures" / name, ns=(age * 10**9, age * 10**9))
    (tmp_path / "pictures" / ("0" * 64 + ".part")).write_bytes(b"half")
    (tmp_path / "pictures" / "notes.txt").write_text("not ours")
    again = store(tmp_path)
    assert again.waiting() == names[::-1]
    assert {one.name for one in (tmp_path / "pictures").iterdir()} == {*names, "notes.txt"}
    again.put(picture(3))
    again.put(picture(4))
    assert again.path(names[2]) is None


def test_removed_picture_gives_its_room_back(tmp_path):
    pictures = store(tmp_path)
    names = [pictures.put(picture(number)) for number in range(4)]
    pictures.remove(names[0])
    pictures.remove(names[0])
    pictures.put(picture(9))
    assert pictures.dropped == 0
    assert pictures.path(names[0]) is None
    assert pictures.path(names[1]) is not None


def test_name_that_is_no_hash_leads_nowhere(tmp_path):
    pictures = store(tmp_path)
    pictures.put(picture(1))
    assert pictures.path("../outbox.db") is None


def test_disk_that_takes_nothing_is_told_and_leaves_no_half_file(tmp_path):
    (tmp_path / "pictures").write_text("in the way")
    with pytest.raises(OSError, match="exists"):
        store(tmp_path).put(picture(1))


def test_many_threads_put_at_once(tmp_path):
    pictures = store(tmp_path, max_mib=64)
    data = [picture(number, 4096) for number in range(40)]
    threads = [
        threading.Thread(target=lambda: [pictures.put(one) for one in data]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pictures.waiting()) == 40
    assert pictures.dropped == 0
