#include "app/state/morph_ends.h"

#include <doctest/doctest.h>

#include <functional>

namespace kiln {
namespace {

MorphEnd end_of(const std::string& class_name, std::int64_t seed) {
  SpriteRecipe recipe{
      .model_name = "small", .model_hash = std::string(64, 'a'), .condition = {{class_name, 1}}, .settings = {}, .steps_done = 8};
  recipe.settings.shared_params = defaults_of(sampling_specs());
  for (const auto& [id, value] : ParamMap{{"steps", std::int64_t{8}}, {"seed", seed}, {"count", std::int64_t{1}}})
    recipe.settings.shared_params[id] = value;
  return {Image(4, 4), sprite_name(recipe), {recipe}, "/models/small.safetensors"};
}

Image grey_image(int side, std::uint8_t grey) {
  Image image(side, side);
  image.rgba.assign(image.rgba.size(), grey);
  return image;
}

}  // namespace

TEST_CASE("Two sprites of one model are morphed with the settings of the first") {
  const MorphEnd from = end_of("bow_ammo", 7), to = end_of("axe", 9);
  CHECK(from.name == "bow ammo, seed 7");
  CHECK_FALSE(why_not_morph(from, to));
  CHECK_FALSE(why_not_morph(from, end_of("bow_ammo", 9)));
  CHECK_FALSE(why_not_morph(from, end_of("axe", 7)));
  CHECK(made_alike(from, to));
  const Morph morph = morph_between(from, to);
  CHECK(morph.from.settings == from.recipes.front().settings);
  CHECK(morph.from.conditions == std::vector<Condition>{{{"bow_ammo", 1}}});
  CHECK(morph.to_seed == std::uint64_t{9});
  CHECK(morph.to_condition == Condition{{"axe", 1}});
  MorphEnd other = to;
  other.recipes.front().settings.shared_params["guidance"] = 7.0;
  CHECK_FALSE(why_not_morph(from, other));
  CHECK_FALSE(made_alike(from, other));
  other = to;
  other.recipes.front().settings.shared_params["threads"] = std::int64_t{3};
  CHECK(made_alike(from, other));
}

TEST_CASE("What cannot be morphed is said, of the sprite that it is about") {
  const MorphEnd from = end_of("axe", 7);
  const auto told = [&](const std::function<void(MorphEnd&)>& change) {
    MorphEnd to = end_of("bow", 9);
    change(to);
    const auto problem = why_not_morph(from, to);
    CHECK((problem && !problem->hint.empty()));
    return problem ? problem->message : "";
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  const auto recipe = [](MorphEnd& end) -> SpriteRecipe& { return end.recipes.front(); };
  CHECK(has(told([](MorphEnd& to) { to.recipes.clear(), to.name = "mine.png"; }), "“mine.png” has no recipe"));
  CHECK(has(told([](MorphEnd& to) { to.recipes.push_back(to.recipes.front()); }), "several sprites"));
  CHECK(has(told([&](MorphEnd& to) { recipe(to).edited = true; }), "“bow, seed 9” was edited by hand"));
  CHECK(has(told([&](MorphEnd& to) { recipe(to).steps_done = 3; }), "stopped before its last step"));
  CHECK(has(told([&](MorphEnd& to) { recipe(to).settings.shared_params["variation"] = 0.3; }), "variation"));
  CHECK(has(told([&](MorphEnd& to) { recipe(to).model_hash = std::string(64, 'b'); }), "both called “small”"));
  CHECK(has(told([&](MorphEnd& to) {
              recipe(to).model_hash = std::string(64, 'b');
              recipe(to).model_name = "large";
            }),
            "“small” and “large”"));
  CHECK(has(told([](MorphEnd& to) { to.image = Image(8, 4); }), "4×4 and 8×4"));
  CHECK(has(told([&](MorphEnd& to) { recipe(to).settings.init_image = {"a.png", "ab"}; }), "start from the same image"));
  CHECK(has(told([&](MorphEnd& to) { to = end_of("axe", 7); }), "nothing lies between"));
  CHECK(has(why_not_morph({Image(4, 4), "mine.png"}, from)->message, "“mine.png”"));
}

TEST_CASE("Only the frames that are not drawn yet are asked for, and something stands in for each") {
  MorphEnd from = end_of("axe", 7), to = end_of("axe", 9);
  from.image = grey_image(4, 10);
  to.image = grey_image(4, 20);
  std::vector<Image> drawn(4);
  const Morph morph = morph_between(from, to);
  CHECK(morph_requests(morph, drawn).size() == 4);
  CHECK(shown_morph(drawn, from, to) == std::vector<Image>{from.image, from.image, from.image, to.image});
  drawn[0] = grey_image(4, 30);
  drawn[2] = grey_image(4, 40);
  const std::vector<FrameRequest> requests = morph_requests(morph, drawn);
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].frames == std::vector<std::size_t>{1});
  CHECK(get_real(requests[0].request.settings.shared_params, "variation") == doctest::Approx(1.0 / 3));
  CHECK(requests[1].frames == std::vector<std::size_t>{3});
  CHECK(shown_morph(drawn, from, to) == std::vector<Image>{drawn[0], from.image, drawn[2], to.image});
  drawn[2] = {};
  drawn[0] = grey_image(2, 30);  // the picture had a border, which the model does not draw
  CHECK(shown_morph(drawn, from, to) == std::vector<Image>{drawn[0], Image(2, 2), Image(2, 2), Image(2, 2)});
}

}  // namespace kiln
