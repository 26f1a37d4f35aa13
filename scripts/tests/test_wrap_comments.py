"""How wide comments are wrapped."""

import unittest

from scripts.wrap_comments import wrap

WORDS = " ".join(["word"] * 30)  # 149 characters


class Wrap(unittest.TestCase):
    def assert_wrapped(self, text):
        wrapped = wrap(text)
        self.assertLessEqual(max(map(len, wrapped.split("\n"))), 120)
        self.assertEqual(wrapped.replace("/", "").split(), text.replace("/", "").split())
        return wrapped.split("\n")

    def test_words_that_do_not_fit_go_on_in_the_next_line(self):
        self.assertEqual(len(self.assert_wrapped(f"    /// {WORDS}\n    /// and more\nint a;")), 3)

    def test_a_list_item_is_not_joined_with_the_line_above(self):
        self.assertEqual(self.assert_wrapped(f"// {WORDS}\n// - item")[-1], "// - item")

    def test_a_comment_of_another_indent_is_not_joined(self):
        self.assertEqual(self.assert_wrapped(f"// {WORDS}\n    // other")[-1], "    // other")

    def test_a_comment_after_code_gets_lines_of_its_own(self):
        self.assertEqual(wrap(f"    int a;  ///< {WORDS}").split("\n")[-1], "    int a;")

    def test_code_and_comments_that_fit_stay(self):
        text = f'call("{WORDS}");\n// short\n'
        self.assertEqual(wrap(text), text)


if __name__ == "__main__":
    unittest.main()
