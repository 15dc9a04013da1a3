#include "engine/gallery/recipe_batch.h"

#include <doctest/doctest.h>

#include "engine/base/byte_source.h"
#include "engine/base/file.h"
#include "engine/base/sha256.h"
#include "engine/gallery/find_model.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using kiln::test::error_of;

namespace {

SpriteRecipe sprite(const std::string& name, std::int64_t seed) {
  SpriteRecipe r;
  r.model_name = "dawn";
  r.model_hash = std::string(64, 'a');
  r.condition = {{name, 1}};
  r.settings.shared_params = defaults_of(sampling_specs());
  r.settings.shared_params["seed"] = seed;
  r.settings.shared_params["count"] = std::int64_t{1};
  r.steps_done = 25;
  return r;
}

}  // namespace

TEST_CASE("the sprites of one batch become the request that made them") {
  const auto batch = batch_of({{sprite("a", 5), sprite("b", 6), sprite("a", 7)}, 2, 0, 1});
  REQUIRE(batch.has_value());
  CHECK(batch->conditions == std::vector<Condition>{{{"a", 1}}, {{"b", 1}}});
  CHECK(get_int(batch->settings.shared_params, "count") == 3);
  CHECK(get_int(batch->settings.shared_params, "seed") == 5);
  CHECK(batch_of({{sprite("a", 5)}, 1, 0, 1})->conditions.size() == 1);
  CHECK(batch_of({{sprite("a", 5), sprite("b", 6), sprite("b", 7)}, 1, 0, 1})->conditions.size() == 3);
  CHECK_FALSE(batch_of({{sprite("a", 5), sprite("a", 7)}, 1, 0, 1}).has_value());
  SpriteRecipe other = sprite("a", 6);
  other.settings.shared_params["guidance"] = 3.0;
  CHECK_FALSE(batch_of({{sprite("a", 5), other}, 1, 0, 1}).has_value());
}

TEST_CASE("animations and shared seeds become the request that made them, what is no whole of them does not") {
  const auto frame = [](const std::string& name, std::int64_t seed, std::int64_t number) {
    SpriteRecipe one = sprite(name, seed);
    one.settings.shared_params["frame"] = number;
    return one;
  };
  const std::vector<SpriteRecipe> animated = {frame("a", 5, 1), frame("a", 5, 2), frame("b", 6, 0), frame("a", 7, 1),
                                              frame("a", 7, 2)};
  const auto batch = batch_of({animated, 5, 0, 1});
  REQUIRE(batch.has_value());
  CHECK(batch->conditions == std::vector<Condition>{{{"a", 1}}, {{"b", 1}}});
  CHECK(get_int(batch->settings.shared_params, "count") == 5);
  CHECK(get_int(batch->settings.shared_params, "frame") == 0);
  const auto made = sampled_sprites(*batch, {"a", "b"}, {2, 0});
  for (std::size_t i = 0; i < animated.size(); ++i) {
    CHECK(made[i].frame == get_int(animated[i].settings.shared_params, "frame"));
    CHECK(made[i].seed + 5 == get_seed(animated[i].settings.shared_params, "seed"));
  }
  CHECK_FALSE(batch_of({{frame("a", 5, 2), frame("a", 5, 1)}, 2, 0, 1}).has_value());
  CHECK_FALSE(batch_of({{frame("a", 5, 1), frame("a", 6, 2)}, 2, 0, 1}).has_value());
  CHECK(get_int(batch_of({{frame("a", 5, 2), frame("a", 6, 2)}, 2, 0, 1})->settings.shared_params, "frame") == 2);

  const auto shared = [](const std::string& name, std::int64_t seed) {
    SpriteRecipe one = sprite(name, seed);
    one.settings.shared_params["share_seed"] = true;
    return one;
  };
  const auto rounds = batch_of({{shared("a", 5), shared("b", 5), shared("a", 6), shared("b", 6)}, 2, 0, 1});
  REQUIRE(rounds.has_value());
  CHECK(rounds->conditions.size() == 2);
  CHECK(sampled_sprites(*rounds, {}, {})[3].seed == 1);
  CHECK_FALSE(batch_of({{shared("a", 5), shared("b", 6)}, 2, 0, 1}).has_value());
}

TEST_CASE("a sprite that was stopped early cannot be made again") {
  SpriteRecipe recipe = sprite("a", 5);
  CHECK_NOTHROW(check_repeatable(recipe));
  recipe.steps_done = 3;
  CHECK(error_of([&] { check_repeatable(recipe); }).message.find("step 3 of 25") != std::string::npos);
  SpriteRecipe by_hand = recipe;
  by_hand.steps_done = 25;
  by_hand.edited = true;
  const PictureRecipe picture{{by_hand}, 1, 0, 1};
  CHECK(error_of([&] { check_repeatable(parse_recipe_text(recipe_text(picture), "x.png").sprites[0]); }).message.find("by hand") !=
        std::string::npos);
}

TEST_CASE("from a start image a run has fewer steps by itself; one that was stopped early cannot be made again either") {
  SpriteRecipe recipe = sprite("a", 5);
  recipe.settings.init_image.path = "a.png";
  recipe.settings.init_params = {{"strength", 0.6}, {"resample", std::int64_t{1}}};
  recipe.steps_done = 15;
  CHECK_NOTHROW(check_repeatable(recipe));
  recipe.steps_done = 14;  // as another model's levels may have it
  CHECK_NOTHROW(check_repeatable(recipe));
  recipe.steps_total = 15;  // but not where it is known
  CHECK(error_of([&] { check_repeatable(recipe); }).message.find("step 14 of 15") != std::string::npos);
  recipe.steps_total = 0;
  recipe.steps_done = 3;
  const std::string message = error_of([&] { check_repeatable(recipe); }).message;
  CHECK(message.find("stopped at step 3, so") != std::string::npos);
  recipe.settings.init_params = {{"strength", 0.001}};
  recipe.steps_done = 1;
  CHECK(is_repeatable(recipe));
  recipe.settings.init_params = {{"strength", 1.0}};
  recipe.steps_done = 24;
  CHECK_FALSE(is_repeatable(recipe));
  recipe.steps_done = 25;
  CHECK(is_repeatable(recipe));
  recipe.settings.init_params = {{"strength", 1.0}, {"resample", std::int64_t{3}}};  // each step but the last three times
  recipe.settings.mask.path = "m.png";
  CHECK_FALSE(is_repeatable(recipe));
  recipe.steps_done = 24 * 3 + 1;
  CHECK(is_repeatable(recipe));
  recipe.settings.init_params = {};  // strength is 0.75 by default
  recipe.settings.mask = {};
  recipe.steps_done = 17;
  CHECK_FALSE(is_repeatable(recipe));
  recipe.steps_done = 19;
  CHECK(is_repeatable(recipe));
}

TEST_CASE("a recipe's model is found by what is in its file") {
  kiln::test::TemporaryFolder folder;
  write_file(folder / "dawn.safetensors", std::string_view("another one"));
  write_file(folder / "renamed.safetensors", std::string_view("the one"));
  SpriteRecipe recipe = sprite("a", 5);
  recipe.model_hash = sha256_hex(*open_source(folder / "renamed.safetensors"));
  const auto models = models_in({folder.path(), folder / "nothing"});
  CHECK(models.size() == 2);
  CHECK(find_model(recipe, models) == (folder / "renamed.safetensors").string());
  recipe.model_hash = std::string(64, 'a');
  CHECK(error_of([&] { find_model(recipe, models); }).message.find("another model") != std::string::npos);
  CHECK(error_of([&] { find_model(recipe, {}); }).message.find("not here") != std::string::npos);
}
