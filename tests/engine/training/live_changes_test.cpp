#include "engine/training/live_changes.h"

#include "engine/base/file.h"
#include "engine/training/run_folder.h"
#include "tests/engine/training/support.h"
#include "tests/support/errors.h"
#include "tests/support/text.h"

#include <doctest/doctest.h>

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a recipe is changed in what is live, within its range, and where it goes together") {
  const ParamMap recipe = small_recipe();
  const ParamMap changed = changed_recipe(recipe, {{"steps", std::int64_t{800}}, {"learning_rate", 0.01}});
  CHECK(get_int(changed, "steps") == 800);
  CHECK(get_real(changed, "learning_rate") == 0.01);
  CHECK(get_int(changed, "batch") == get_int(recipe, "batch"));
  const Error fixed = error_of([&] { changed_recipe(recipe, {{"batch", std::int64_t{8}}}); });
  CHECK(mentions(fixed.message, "batch"));
  CHECK(mentions(fixed.hint, "learning_rate"));
  CHECK(mentions(error_of([&] { changed_recipe(recipe, {{"learning_rate", 5.0}}); }).message, "learning_rate"));
  CHECK(mentions(error_of([&] { changed_recipe(recipe, {{"steps", std::int64_t{0}}}); }).message, "steps"));
  CHECK(mentions(error_of([&] { changed_recipe(recipe, {{"stps", std::int64_t{9}}}); }).hint, "steps"));
  const ParamMap judged = small_recipe({{"quality_every", std::int64_t{50}}, {"best_by", std::string("frechet")}});
  CHECK(mentions(error_of([&] { changed_recipe(judged, {{"quality_every", std::int64_t{0}}}); }).message, "best_by"));
}

TEST_CASE("of several processes one asks for changes and all have them from the sum, to the bit") {
  const ParamMap asked = {{"learning_rate", 1.0 / 3 * 1e-4}, {"steps", std::int64_t{9'999'999}}, {"sample_every", std::int64_t{0}}};
  std::vector<double> sum = numbers_of_changes({});
  REQUIRE(sum.size() == change_numbers());
  CHECK(changes_of_numbers(sum.data()).empty());
  const std::vector<double> own = numbers_of_changes(asked), other = numbers_of_changes({});
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += own[i] + other[i];
  CHECK((changes_of_numbers(sum.data()) == asked));
}

TEST_CASE("a change that is asked for in a run's folder is taken once, whole, with those that came before it") {
  const TemporaryFolder scratch;
  const auto run = scratch / "run";
  CHECK_FALSE(take_requested_change(run));
  request_change(run, {{"steps", std::int64_t{800}}, {"sample_every", std::int64_t{5}}});
  request_change(run, {{"learning_rate", 1e-4}, {"steps", std::int64_t{900}}});
  const ParamMap both = {{"learning_rate", 1e-4}, {"sample_every", std::int64_t{5}}, {"steps", std::int64_t{900}}};
  REQUIRE((take_requested_change(run) == both));
  CHECK_FALSE(std::filesystem::exists(change_file(run)));

  // Killed before it was made: it is found again, and before what came since.
  request_change(run, {{"steps", std::int64_t{1000}}});
  REQUIRE((take_requested_change(run) == both));
  forget_taken_change(run);
  REQUIRE((take_requested_change(run) == ParamMap{{"steps", std::int64_t{1000}}}));
  forget_taken_change(run);
  CHECK_FALSE(take_requested_change(run));

  request_change(run, {{"steps", std::int64_t{1000}}});
  CHECK(drop_requested_changes(run));
  CHECK_FALSE(drop_requested_changes(run));
  CHECK_FALSE(take_requested_change(run));
}

TEST_CASE("a request that asks for what cannot be is refused with its place, and gone") {
  const TemporaryFolder scratch;
  const auto run = scratch / "run";
  CHECK(mentions(error_of([&] { request_change(run, {{"width", std::int64_t{8}}}); }).message, "width"));
  CHECK_FALSE(std::filesystem::exists(change_file(run)));
  for (const auto& [text, word] :
       {std::pair{"{\"learning_rate\": 5}", "learning_rate"}, {"{\"width\": 8}", "width"}, {"[1", "change"}}) {
    write_file(change_file(run), std::string_view(text));
    CHECK(mentions(error_of([&] { take_requested_change(run); }).message, word));
    CHECK_FALSE(take_requested_change(run));
  }
}
