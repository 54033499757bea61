"""Prompts are read strictly, rendered in a sandbox, and known by version and hash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.model.scripted import SYSTEM, write_prompt

from actwright.errors import ConfigError, PromptError
from actwright.model.chat import Message
from actwright.model.prompts import bundled_prompts, load_prompts


def test_a_prompt_is_rendered_with_its_values(tmp_path: Path) -> None:
    """Both templates become a message each, without the front matter, with name, version, hash and settings."""
    write_prompt(tmp_path)
    rendered = load_prompts([tmp_path]).get("greet").render(goal="close it")
    assert rendered.messages == (Message("system", "You plan."), Message("user", "Goal: close it"))
    assert (rendered.name, rendered.version, len(rendered.hash)) == ("greet", "1", 64)
    assert rendered.settings.temperature == 0.2
    assert rendered.settings.max_output_tokens == 300


@pytest.mark.parametrize("values", [{}, {"goal": "x", "more": "y"}])
def test_missing_and_unknown_values_are_refused(tmp_path: Path, values: dict[str, str]) -> None:
    """What is missing or not asked for is named, and so are the inputs."""
    write_prompt(tmp_path)
    with pytest.raises(PromptError) as caught:
        load_prompts([tmp_path]).get("greet").render(**values)
    assert "goal" in (caught.value.hint or "")


def test_the_hash_changes_with_every_source_that_is_used(tmp_path: Path) -> None:
    """A change of either template or of a shared part that is included is another hash; of another part it is not."""
    (tmp_path / "_parts").mkdir()
    for name in ("used", "other"):
        (tmp_path / "_parts" / f"{name}.md.jinja").write_text("part", "utf-8")
    user = "{% include '_parts/used.md.jinja' %} {{ goal }}"
    write_prompt(tmp_path, user=user)
    seen = [load_prompts([tmp_path]).get("greet").hash]
    (tmp_path / "_parts" / "other.md.jinja").write_text("changed", "utf-8")
    assert load_prompts([tmp_path]).get("greet").hash == seen[0]
    (tmp_path / "_parts" / "used.md.jinja").write_text("changed", "utf-8")
    seen.append(load_prompts([tmp_path]).get("greet").hash)
    write_prompt(tmp_path, user=user + "!")
    seen.append(load_prompts([tmp_path]).get("greet").hash)
    write_prompt(tmp_path, user=user, system=SYSTEM.format(name="greet", version=2))
    seen.append(load_prompts([tmp_path]).get("greet").hash)
    assert len(set(seen)) == 4


def test_line_ends_do_not_change_the_hash(tmp_path: Path) -> None:
    """A checkout with other line ends has the same prompts."""
    own = write_prompt(tmp_path, user="one\ntwo {{ goal }}")
    before = load_prompts([tmp_path]).get("greet")
    (own / "user.md.jinja").write_bytes(b"one\r\ntwo {{ goal }}")
    assert load_prompts([tmp_path]).get("greet").hash == before.hash


@pytest.mark.parametrize(
    ("system", "user", "part"),
    [
        ("You plan.", "{{ goal }}", "front matter"),
        ("---\nname: greet\n---\nx", "{{ goal }}", "version"),
        (SYSTEM.format(name="other", version=1), "{{ goal }}", "'other'"),
        (SYSTEM.format(name="greet", version=1.5), "{{ goal }}", "version"),
        (SYSTEM.format(name="greet", version=1) + "{{ secret }}", "{{ goal }}", "secret is used"),
        (SYSTEM.format(name="greet", version=1), "no goal", "goal is declared and not used"),
        (SYSTEM.format(name="greet", version=1), "{% if %}{{ goal }}", "cannot be read"),
        (SYSTEM.format(name="greet", version=1), "{{ goal }}{% include goal %}", "only known when"),
        (SYSTEM.format(name="greet", version=1), "{{ goal | nope }}", "cannot be read"),
        (SYSTEM.format(name="greet", version=1), "{% include '../x.md.jinja' %}{{ goal }}", "x.md"),
        ("---\nname: greet\nname: x\n---\nx", "{{ goal }}", "twice"),
        (
            SYSTEM.format(name="greet", version=1).replace("goal", "goal, goal2"),
            "{{ goal }}",
            "goal2",
        ),
    ],
)
def test_a_broken_prompt_is_refused_when_it_is_read(
    tmp_path: Path, system: str, user: str, part: str
) -> None:
    """What is wrong is said with the file it is in, before any model is asked."""
    write_prompt(tmp_path, system=system, user=user)
    with pytest.raises(PromptError) as caught:
        load_prompts([tmp_path])
    assert part in str(caught.value)
    assert str(tmp_path) in str(caught.value.where) or "version" in str(caught.value.where)


@pytest.mark.parametrize(
    "user",
    [
        "{{ ().__class__.__mro__ }}{{ goal }}",
        "{{ goal.__class__ }}",
        "{{ goal.format.__globals__ }}",
        "{{ goal.nothing }}",
        "{{ goal.append('x') }}",
        "{{ range(10000000000) | list }}{{ goal }}",
    ],
)
def test_templates_run_in_a_sandbox(tmp_path: Path, user: str) -> None:
    """Internals, unknown attributes, changes of what was handed in and endless ranges are refused."""
    write_prompt(tmp_path, user=user)
    prompt = load_prompts([tmp_path]).get("greet")
    with pytest.raises(PromptError):
        prompt.render(goal=["x"] if "append" in user else "x")


def test_a_value_is_never_rendered_as_a_template(tmp_path: Path) -> None:
    """Template syntax in a goal stays what it is: text."""
    write_prompt(tmp_path)
    hostile = "{{ 7 * 7 }}{% include 'system.md.jinja' %}"
    rendered = load_prompts([tmp_path]).get("greet").render(goal=hostile)
    assert rendered.messages[1].content == f"Goal: {hostile}"


def test_of_two_prompts_with_one_name_the_first_counts(tmp_path: Path) -> None:
    """A folder of one's own goes before the bundled one."""
    write_prompt(tmp_path / "mine", user="Mine: {{ goal }}")
    write_prompt(tmp_path / "theirs")
    write_prompt(tmp_path / "theirs", "other")
    prompts = load_prompts([tmp_path / "mine", tmp_path / "theirs"])
    assert prompts.names == ("greet", "other")
    assert prompts.get("greet").render(goal="x").messages[1].content == "Mine: x"


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    """A template is a file of its own, never a link to somewhere else."""
    own = write_prompt(tmp_path)
    (tmp_path / "elsewhere").write_text("{{ goal }}", "utf-8")
    (own / "user.md.jinja").unlink()
    (own / "user.md.jinja").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PromptError):
        load_prompts([tmp_path])


def test_missing_templates_directories_and_prompts_are_named(tmp_path: Path) -> None:
    """Each says what is missing and what is there."""
    with pytest.raises(ConfigError):
        load_prompts([tmp_path / "nowhere"])
    write_prompt(tmp_path)
    with pytest.raises(PromptError, match="no prompt 'plan'") as caught:
        load_prompts([tmp_path]).get("plan")
    assert "greet" in (caught.value.hint or "")
    (tmp_path / "greet" / "user.md.jinja").unlink()
    with pytest.raises(PromptError, match=r"has no user\.md\.jinja"):
        load_prompts([tmp_path])


def test_text_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    """A template in another encoding is named."""
    own = write_prompt(tmp_path)
    (own / "user.md.jinja").write_bytes(b"\xff\xfe{{ goal }}")
    with pytest.raises(PromptError, match="cannot be read"):
        load_prompts([tmp_path])


def test_every_bundled_prompt_can_be_read() -> None:
    """What ships is whole: each prompt is named after its folder, and the repair prompt takes faults alone."""
    prompts = load_prompts()
    folders = [each.name for each in bundled_prompts().iterdir() if each.is_dir()]
    assert set(prompts.names) == {each for each in folders if each[0] != "_"}
    assert prompts.get("repair").header.inputs == ("faults",)


def test_a_folder_of_one_prompt_takes_the_parts_that_come_later(tmp_path: Path) -> None:
    """To try one changed prompt, nobody has to copy what it includes; a part of its own counts first."""
    shutil.copytree(bundled_prompts() / "plan", tmp_path / "plan")
    both = [tmp_path, bundled_prompts()]
    assert load_prompts(both).get("plan").hash == load_prompts().get("plan").hash
    (part,) = (each for each in load_prompts().get("plan").sources if each.startswith("_parts/"))
    (tmp_path / "_parts").mkdir()
    (tmp_path / part).write_text("Another part.", "utf-8")
    assert load_prompts(both).get("plan").hash != load_prompts().get("plan").hash
