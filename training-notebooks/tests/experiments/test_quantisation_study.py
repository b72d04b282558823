"""What the study of methods of storing weights says of its figures."""

from fieldlens_training.experiments import quantisation_study as study


def test_the_choice_is_said_with_its_figures():
    def row(way: str, size: str, auc: float, change: float, decisions: int) -> dict:
        return {
            "way": way,
            "MB packed": size,
            "AUC": auc,
            "largest change of a logit": change,
            "rms change of the log-odds": change / 2,
            "decisions changed: sensitive": decisions,
            "decisions changed: balanced": 1,
        }

    rows = [
        row("float32", "80.00", 0.99, 0.0, 0),
        row(study.SHIPPED, "18.00", 0.9899, 0.02, 2),
        row("4 bits", "9.50", 0.98, 0.2, 40),
    ]
    said = study.choice_text(rows).splitlines()
    assert "18.00 MB packed where float32 is 80.00 MB; AUC -0.0001" in said[0]
    assert "by more than 0.0200, and 3 decisions change" in said[0]
    assert said[1:] == [
        "- 4 bits: 8.50 MB less, 10 times its change of the log-odds, 41 decisions change."
    ]
