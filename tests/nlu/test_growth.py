"""Many services, learnt and understood."""

from __future__ import annotations

from pathlib import Path

from app import bench_nlu
from nlu import growth, learning, loader
from nlu.learning import classifier
from tests.nlu import made


def test_services_are_made_of_the_words_of_ours(tmp_path: Path) -> None:
    data = loader.load(made.both(tmp_path), made.catalog())[0]
    found = growth.grown(data, 12, asked=10)
    assert found.services == 12
    assert 12 * 15 <= found.sentences <= 12 * 40
    assert min(found.seconds, found.megabytes, found.p50) > 0
    assert found.first >= 0.5


def test_of_more_classes_than_are_learnt_at_once_each_is_told() -> None:
    count = learning._TOGETHER + 7
    texts = [f"word{number} {other}" for number in range(count) for other in ("and", "or", "but")]
    labels = [f"class{number:03}" for number in range(count) for _ in range(3)]
    known, linear = classifier(texts, labels, chinese=False)
    assert linear.weights.shape == (len(known), count)
    for number in (0, 60, count - 1):
        best = linear.confidences(known.row(f"word{number}")).argmax()
        assert linear.classes[best] == f"class{number:03}"


TAKEN = growth.Taken(services=2000, sentences=55000, seconds=900.0, megabytes=250.0, p50=10.5, p99=20.0, first=0.9)


def test_the_table_tells_whether_a_parse_is_quick_enough_with_thousands() -> None:
    *_, row, aim = bench_nlu.growth_table([TAKEN])
    assert row.split() == ["2,000", "55,000", "900.0", "250.0", "10.5", "20.0", "0.90"]
    assert aim.endswith("10.5, does not hold.")
    assert bench_nlu.growth_json([TAKEN])[0]["services"] == 2000
