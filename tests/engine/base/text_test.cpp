#include "engine/base/text.h"

#include <doctest/doctest.h>

using namespace kiln;

TEST_CASE("a misspelt name finds the one that was meant") {
  const std::vector<std::string> known = {"learning_rate", "batch", "steps", "ema"};
  CHECK(nearest_name("learning_rat", known) == "learning_rate");
  CHECK(nearest_name("setps", known) == "steps");
  CHECK(nearest_name("Batch", known) == "batch");
  CHECK_FALSE(nearest_name("colour", known));
  CHECK_FALSE(nearest_name("", known));
  CHECK_FALSE(nearest_name("x", {"y"}));
  CHECK(name_hint("setps", known) == "did you mean “steps”?");
  CHECK(name_hint("colour", known) == "known: learning_rate, batch, steps, ema");
  CHECK(name_hint("colour", {}) == "there is none to choose from");
}

TEST_CASE("the exact name goes before a near one") { CHECK(nearest_name("ema", {"emb", "ema"}) == "ema"); }

TEST_CASE("splitting, trimming and joining") {
  CHECK(split("a,b,,c", ',') == std::vector<std::string>{"a", "b", "", "c"});
  CHECK(split("", ',') == std::vector<std::string>{""});
  CHECK(trimmed(" \t a b\r\n") == "a b");
  CHECK(trimmed(" \n ").empty());
  CHECK(joined({"a", "b"}, ", ") == "a, b");
  CHECK(joined({}, ", ").empty());
}

TEST_CASE("numbers are read only when the whole text is one") {
  CHECK(parse_real("0.25") == 0.25);
  CHECK(parse_real("-1e-3") == -1e-3);
  for (const char* bad : {"", "3x", " 3", "nan", "inf", "-inf", "1e999", "0x10", "1,5"}) CHECK_FALSE(parse_real(bad));
  CHECK(parse_int("-12") == -12);
  for (const char* bad : {"", "3x", "1.0", "1e3", "9223372036854775808"}) CHECK_FALSE(parse_int(bad));
}
