#include "engine/base/param_spec.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "engine/base/error.h"

using namespace kiln;

namespace {

std::vector<ParamSpec> example() {
  return {
      {.id = "steps", .label = "Steps", .unit = "", .fallback = std::int64_t{25}, .min = 1, .max = 1000, .help = "Network calls"},
      {.id = "guidance", .label = "Guidance", .unit = "", .fallback = 3.0, .min = 0, .max = 15, .help = "How strictly"},
      {.id = "clamp", .label = "Clamp", .unit = "", .fallback = true, .help = "Clamp x0"},
      {.id = "spacing",
       .label = "Spacing",
       .unit = "",
       .fallback = std::string("leading"),
       .choices = {"leading", "trailing"},
       .help = ""},
      {.id = "note", .label = "Note", .unit = "", .fallback = std::string(), .help = "Any text"}};
}

Error error_of(const ParamMap& given) {
  try {
    validated(example(), given, "sampler ddim");
  } catch (const Failure& failure) {
    return failure.error();
  }
  return {};
}

Error parse_error(std::string_view id, std::string_view text) {
  const auto specs = example();
  try {
    parse_param(find_spec(specs, id, "sampler ddim"), text, "sampler ddim");
  } catch (const Failure& failure) {
    return failure.error();
  }
  return {};
}

}  // namespace

TEST_CASE("what is not given keeps its default") {
  const ParamMap values = validated(example(), {{"steps", std::int64_t{50}}}, "sampler ddim");
  CHECK(values.size() == 5);
  CHECK(get_int(values, "steps") == 50);
  CHECK(get_real(values, "guidance") == 3.0);
  CHECK(get_bool(values, "clamp"));
  CHECK(get_text(values, "spacing") == "leading");
}

TEST_CASE("whole numbers do where a real number is wanted, not the other way round") {
  CHECK(get_real(validated(example(), {{"guidance", std::int64_t{7}}}, "recipe"), "guidance") == 7.0);
  CHECK(error_of({{"steps", 2.0}}).code == ErrorCode::kInvalidArgument);
  CHECK(error_of({{"clamp", std::int64_t{1}}}).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("an unknown key names the nearest known one") {
  const Error error = error_of({{"step", std::int64_t{5}}});
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(error.message == "sampler ddim: there is no parameter “step”");
  CHECK(error.hint == "did you mean “steps”?");
}

TEST_CASE("out of range, not a number, infinite: refused with the range") {
  const Error error = error_of({{"steps", std::int64_t{0}}});
  CHECK(error.message == "sampler ddim: “steps” cannot be “0”");
  CHECK(error.hint == "give a whole number from 1 to 1000");
  CHECK(error_of({{"steps", std::int64_t{1001}}}).code == ErrorCode::kInvalidArgument);
  CHECK(error_of({{"guidance", 15.5}}).code == ErrorCode::kInvalidArgument);
  CHECK(error_of({{"guidance", std::nan("")}}).code == ErrorCode::kInvalidArgument);
  CHECK(error_of({{"guidance", std::numeric_limits<double>::infinity()}}).code == ErrorCode::kInvalidArgument);
  CHECK(error_of({{"spacing", std::string("trailin")}}).hint == "did you mean “trailing”?");
  CHECK_NOTHROW(validated(example(), {{"steps", std::int64_t{1000}}, {"guidance", 15.0}, {"note", std::string("any")}}, "recipe"));
}

TEST_CASE("texts from a command line are read as the parameter's type") {
  const auto specs = example();
  const auto parsed = [&](std::string_view id, std::string_view text) { return parse_param(find_spec(specs, id, "s"), text, "s"); };
  CHECK(parsed("steps", "40") == ParamValue(std::int64_t{40}));
  CHECK(parsed("guidance", "4") == ParamValue(4.0));
  CHECK(parsed("clamp", "off") == ParamValue(false));
  CHECK(parsed("spacing", "trailing") == ParamValue(std::string("trailing")));
  for (const char* bad : {"", "4.5", "many", "1e2", "99999999999999999999"})
    CHECK(parse_error("steps", bad).code == ErrorCode::kInvalidArgument);
  for (const char* bad : {"nan", "inf", "-0.1", "3,5"}) CHECK(parse_error("guidance", bad).code == ErrorCode::kInvalidArgument);
  CHECK(parse_error("clamp", "maybe").hint == "give true or false");
}

TEST_CASE("all 64 bits of a seed count; what does not fit is refused with the range") {
  const std::vector<ParamSpec> specs = {{.id = "seed", .label = "Seed", .fallback = 0, .largest_seed = kLargestSeed, .help = ""}};
  for (const std::uint64_t seed :
       {std::uint64_t{0}, (std::uint64_t{1} << 53) + 1, std::uint64_t{1} << 63, (std::uint64_t{1} << 63) - 1, kLargestSeed}) {
    CAPTURE(seed);
    const ParamValue value = parse_param(specs.front(), std::to_string(seed), "sampling");
    CHECK(value == whole_number(seed));
    CHECK(to_string(value) == std::to_string(seed));
    CHECK(get_seed(validated(specs, {{"seed", value}}, "sampling"), "seed") == seed);
    CHECK(validated(specs, {{"seed", seed}}, "sampling").at("seed") == value);  // the same number is the same value
    CHECK(brought_into_range(specs.front(), value) == value);
  }
  for (const char* bad : {"-1", "18446744073709551616", "1.5", "1e3", ""}) {
    CAPTURE(bad);
    try {
      parse_param(specs.front(), bad, "sampling");
      FAIL("taken");
    } catch (const Failure& failure) {
      CHECK(failure.error().message == "sampling: “seed” cannot be “" + std::string(bad) + "”");
      CHECK(failure.error().hint == "give a whole number from 0 to 18446744073709551615");
    }
  }
  for (const ParamValue& bad :
       {ParamValue(-1), ParamValue(18446744073709551616.0), ParamValue(7.0), ParamValue(true), ParamValue("7")})
    CHECK_THROWS_AS(validated(specs, {{"seed", bad}}, "sampling"), Failure);
  CHECK(brought_into_range(specs.front(), -5) == ParamValue(0));
  ParamSpec smaller = specs.front();
  smaller.largest_seed -= 2;
  CHECK(brought_into_range(smaller, kLargestSeed) == whole_number(kLargestSeed - 2));
  CHECK_THROWS_AS(parse_param(smaller, "18446744073709551614", "redrawing"), Failure);
}

TEST_CASE("a whole number too large for any other parameter is refused, and one of 64 bits is a real number too") {
  CHECK(error_of({{"steps", kLargestSeed}}).hint == "give a whole number from 1 to 1000");
  CHECK(error_of({{"guidance", kLargestSeed}}).code == ErrorCode::kInvalidArgument);
  const std::vector<ParamSpec> wide = {{.id = "x", .label = "", .fallback = 0.0, .max = 1e30, .help = ""}};
  CHECK(get_real(validated(wide, {{"x", kLargestSeed}}, ""), "x") == 18446744073709551616.0);
}

TEST_CASE("values are shown as they can be read again") {
  CHECK(to_string(ParamValue(true)) == "true");
  CHECK(to_string(ParamValue(std::int64_t{-3})) == "-3");
  CHECK(to_string(ParamValue(0.0002)) == "0.0002");
  CHECK(to_string(ParamValue(3.0)) == "3");
  CHECK(to_string(ParamValue(1e6)) == "1000000");
  CHECK(to_string(ParamValue(1e-8)) == "1e-08");
  CHECK(to_string(ParamValue(std::string("x"))) == "x");
}

TEST_CASE("asking for what was never declared is a defect, not a crash") {
  CHECK_THROWS_AS(get_int({}, "steps"), Failure);
  CHECK_THROWS_AS(get_int({{"steps", 1.0}}, "steps"), Failure);
}

TEST_CASE("of values that another version wrote, what is still allowed is kept") {
  const ParamMap known =
      known_params(example(), {{"steps", 50}, {"guidance", 2}, {"spacing", "spiral"}, {"gone", 1}, {"clamp", 3}});
  CHECK(known == ParamMap{{"steps", 50}, {"guidance", 2.0}});
}

TEST_CASE("numbers are brought into what an editor offers") {
  ParamSpec steps = find_spec(example(), "steps", "");
  CHECK(brought_into_range(steps, 5000) == ParamValue(1000));
  CHECK(brought_into_range(steps, -3) == ParamValue(1));
  steps.shown_max = 100;
  CHECK(brought_into_range(steps, 5000) == ParamValue(100));
  CHECK(brought_into_range(find_spec(example(), "guidance", ""), -1.0) == ParamValue(0.0));
  CHECK(brought_into_range(find_spec(example(), "note", ""), "x") == ParamValue("x"));
}
