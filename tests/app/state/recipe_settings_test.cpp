#include <doctest/doctest.h>

#include <string>

#include "app/state/generate_settings.h"
#include "tests/app/support/small_model.h"

namespace kiln {
namespace {

using test::small_catalog, test::three_class_model;

// A picture of `count` sprites that a request with these settings makes.
PictureRecipe picture_of(const SampleRequest& request, int count) {
  PictureRecipe picture;
  for (int i = 0; i < count; ++i) {
    SpriteRecipe recipe{"m",
                        std::string(64, 'a'),
                        request.conditions[static_cast<std::size_t>(i) % request.conditions.size()],
                        request.settings,
                        false,
                        static_cast<int>(get_int(request.settings.shared_params, "steps"))};
    recipe.settings.shared_params["count"] = 1;
    recipe.settings.shared_params["seed"] = get_int(recipe.settings.shared_params, "seed") + i;
    picture.sprites.push_back(recipe);
  }
  return picture;
}

TEST_CASE("A picture's recipe brings back the settings that make the same request") {
  GenerateSettings made;
  made.sampler = "ddpm";
  made.sampler_params["ddpm"] = {{"variance", "large"}};
  for (const auto& [id, value] : ParamMap{{"guidance", 7.5}, {"clamp", false}, {"count", 5}, {"seed", 70}, {"steps", 9}})
    made.shared_params[id] = value;
  for (const bool mix : {false, true}) {
    if (mix)
      made.mix = {{"axe", 0.5}, {"cap", 0.25}};
    else
      made.classes = {"bow", "axe"};
    const SampleRequest wanted = make_request(made, small_catalog(), three_class_model());
    GenerateSettings back;
    back.classes = {"cap"};
    back.mix = {{"bow", 1}};
    back.negative = "cap";  // would lead away from it
    CHECK(use_recipe(back, picture_of(wanted, 5), "/m"));
    CHECK(back.seed_locked);
    const SampleRequest again = make_request(back, small_catalog(), three_class_model());
    CHECK(again.conditions == wanted.conditions);
    CHECK(again.settings.sampler == "ddpm");
    CHECK(again.settings.sampler_params == wanted.settings.sampler_params);
    CHECK(again.settings.shared_params == wanted.settings.shared_params);
    CHECK(again.settings.negative.empty());
  }
}

TEST_CASE("A recipe brings back the class that guidance leads away from, and how near the sprites stay to a start image") {
  GenerateSettings made;
  made.classes = {"bow"};
  made.negative = "axe";
  made.shared_params["guidance"] = 3.0;
  SampleRequest wanted = make_request(made, small_catalog(), three_class_model());
  REQUIRE_FALSE(wanted.settings.negative.empty());
  wanted.settings.init_image = {"a.png", std::string(64, 'b')};
  wanted.settings.init_params = {{"strength", 0.3}, {"resample", std::int64_t{1}}};
  GenerateSettings back;
  back.several_strengths = true;
  CHECK(use_recipe(back, picture_of(wanted, 2), "/m"));
  CHECK(make_request(back, small_catalog(), three_class_model()).settings.negative == wanted.settings.negative);
  CHECK(get_real(back.init_params, "strength") == 0.3);
  CHECK_FALSE(back.several_strengths);
}

TEST_CASE("The model that a recipe is for does not change its values when it opens; another one does") {
  ModelInfo before = three_class_model(), own = before, other = before;
  own.path = "/own";
  own.sampling = {{"guidance", 3.0}, {"steps", std::int64_t{12}}};
  other.path = "/other";
  other.sampling = {{"guidance", 4.0}};
  GenerateSettings made;  // with the values that the model before has by default
  made.classes = {"bow"};
  const PictureRecipe picture = picture_of(make_request(made, small_catalog(), before), 2);
  GenerateSettings settings;
  follow_model(settings, before);
  use_recipe(settings, picture, "/own");
  const ParamMap wanted = settings.shared_params;
  follow_model(settings, before);  // as long as it is the one that is open
  follow_model(settings, own);
  CHECK((settings.shared_params == wanted));
  follow_model(settings, own);
  CHECK((settings.shared_params == wanted));

  GenerateSettings elsewhere;
  follow_model(elsewhere, before);
  use_recipe(elsewhere, picture, "/own");
  follow_model(elsewhere, other);
  CHECK(get_real(elsewhere.shared_params, "guidance") == 4);
  follow_model(elsewhere, own);
  CHECK(get_real(elsewhere.shared_params, "guidance") == 3);
}

TEST_CASE("What the window cannot set of a recipe is said, and the rest is set") {
  GenerateSettings made;
  made.classes = {"bow"};
  const SampleRequest request = make_request(made, small_catalog(), three_class_model());
  const auto whole = [&](auto change) {
    PictureRecipe picture = picture_of(request, 2);
    change(picture);
    GenerateSettings back;
    const bool all = use_recipe(back, picture, "/m");
    CHECK_FALSE(back.classes.empty());
    return all;
  };
  CHECK(whole([](PictureRecipe&) {}));
  CHECK_FALSE(whole([](PictureRecipe& p) {
    for (auto& sprite : p.sprites) sprite.settings.negative = {{"axe", 0.5}, {"cap", 0.5}};
  }));
  CHECK_FALSE(whole([](PictureRecipe& p) {
    for (auto& sprite : p.sprites) sprite.settings.init_image.path = sprite.settings.mask.path = "a.png";
  }));
  CHECK_FALSE(whole([](PictureRecipe& p) { p.sprites[1].edited = true; }));
  CHECK_FALSE(whole([](PictureRecipe& p) { p.sprites[1].settings.shared_params["seed"] = 9; }));
  CHECK_FALSE(whole([](PictureRecipe& p) {
    for (auto& sprite : p.sprites) sprite.steps_done = 2;
  }));
}

}  // namespace
}  // namespace kiln
