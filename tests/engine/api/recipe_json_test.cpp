#include "engine/api/recipe_json.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/errors.h"

using namespace kiln;
using kiln::test::error_of;

namespace {

SpriteRecipe recipe(std::int64_t seed) {
  SpriteRecipe r;
  r.model_name = "dawn";
  r.model_hash = std::string(64, 'a');
  r.condition = {{"potion", 0.5}, {"sword", 0.25}};
  r.settings.sampler = "ddim";
  r.settings.sampler_params = {{"eta", 0.0}};
  r.settings.shared_params = defaults_of(sampling_specs());
  r.settings.shared_params["seed"] = seed;
  r.settings.shared_params["count"] = std::int64_t{1};
  r.settings.negative = {{"key", 1}};
  r.settings.init_image = {"/a.png", std::string(64, 'b')};
  r.settings.mask = {"/b.png", std::string(64, 'c')};
  r.settings.init_params = defaults_of(init_image_specs());
  r.steps_done = 25;
  return r;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a recipe comes back whole, with the layout of its picture") {
  const PictureRecipe picture{{recipe(7), recipe(9007199254740991)}, 2, 1, 3};
  const std::string text = recipe_text(picture);
  const PictureRecipe back = parse_recipe_text(text, "it");
  CHECK(recipe_text(back) == text);
  CHECK(back.columns == 2);
  CHECK(back.padding == 1);
  CHECK(back.scale == 3);
  REQUIRE(back.sprites.size() == 2);
  const SpriteRecipe &a = back.sprites[1], b = recipe(9007199254740991);
  CHECK(a.model_name == b.model_name);
  CHECK(a.model_hash == b.model_hash);
  CHECK(a.condition == b.condition);
  CHECK(a.settings.sampler_params == b.settings.sampler_params);
  CHECK(a.settings.shared_params == b.settings.shared_params);
  CHECK(a.settings.negative == b.settings.negative);
  CHECK(a.settings.init_image == b.settings.init_image);
  CHECK(a.settings.mask == b.settings.mask);
  CHECK(a.settings.init_params == b.settings.init_params);
  CHECK(a.steps_done == 25);
}

TEST_CASE("how many steps a run would have had is told of one that was stopped") {
  SpriteRecipe stopped = recipe(7);
  CHECK(recipe_text({{stopped}, 1, 0, 1}).find("steps_total") == std::string::npos);
  CHECK_FALSE(recipe_properties(stopped).contains("steps_total"));
  stopped.steps_total = 60;
  const std::string text = recipe_text({{stopped}, 1, 0, 1});
  CHECK(parse_recipe_text(text, "it").sprites[0].steps_total == 60);
  CHECK(get_int(recipe_properties(stopped), "steps_total") == 60);
  for (const char* forged : {"25", "-1", "1e99", "\"60\""}) {  // it has 25 done
    const std::string other = replaced(text, "\"steps_total\":60", std::string("\"steps_total\":") + forged);
    CHECK_MESSAGE(error_of([&] { parse_recipe_text(other, "it"); }).code == ErrorCode::kCorrupt, forged);
  }
}

TEST_CASE("a sheet's own layout comes back; cells that cannot be are refused") {
  PictureRecipe picture{{recipe(7), recipe(8)}, 2, 1, 3};
  CHECK(recipe_text(picture).find("cells") == std::string::npos);
  picture.sheet = {{"extrude", std::int64_t{2}}, {"trim", true}};
  picture.cells = {1, -1, 0};
  const std::string text = recipe_text(picture);
  CHECK(parse_recipe_text(text, "it").sheet == picture.sheet);
  CHECK(parse_recipe_text(text, "it").cells == picture.cells);
  for (const char* cells : {"[1,-1]", "[1,0,0]", "[0,1,2]", "[\"0\",1]", "{}"}) {
    const std::string forged = replaced(text, "[1,-1,0]", cells);
    CHECK_MESSAGE(error_of([&] { parse_recipe_text(forged, "it"); }).code == ErrorCode::kCorrupt, cells);
  }
}

TEST_CASE("parameters that a recipe of an earlier version lacks have their defaults") {
  const std::string text = replaced(recipe_text({{recipe(7)}, 1, 0, 1}), "\"rescale\":0.0,", "");
  CHECK(get_real(parse_recipe_text(text, "it").sprites[0].settings.shared_params, "rescale") == 0);
}

TEST_CASE("forged recipes are refused in one sentence") {
  const std::string good = recipe_text({{recipe(7)}, 1, 0, 1});
  const auto code = [&](const std::string& text) {
    const Error error = error_of([&] { parse_recipe_text(text, "it.png"); });
    CHECK(error.message.find("it.png") != std::string::npos);
    return error.code;
  };
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {"\"scale\":1", "\"scale\":0"},
           {"\"scale\":1", "\"scale\":1e300"},
           {"\"columns\":1", "\"columns\":-5"},
           {"\"columns\":1", "\"columns\":\"many\""},
           {"\"seed\":7,", "\"seed\":18446744073709551616,"},
           {"\"seed\":7,", "\"seed\":-1,"},
           {"\"guidance\":2.0", "\"guidance\":1e9"},
           {"\"count\":1", "\"count\":100000000"},
           {"\"potion\":0.5", "\"potion\":-1"},
           {"\"potion\":0.5", "\"potion\":1e999"},
           {"\"potion\":0.5", "\"potion\":\"x\""},
           {"\"steps_done\":25", "\"steps_done\":1e99"},
           {"\"strength\":0.75", "\"strength\":7.0"},
           {"aaaa", "zzzz"},
           {"\"sprites\":[", "\"sprites\":[7,"},
       })
    CHECK_MESSAGE(code(replaced(good, from, to)) == ErrorCode::kCorrupt, from, " → ", to);
  for (const std::string& text : {std::string(), std::string("{}"), std::string("[]"), good.substr(0, 100), good + "x",
                                  std::string(std::size_t{5} << 20, ' '), std::string(100'000, '[')})
    CHECK(code(text) == ErrorCode::kCorrupt);
  CHECK(code(replaced(good, "\"version\":1", "\"version\":2")) == ErrorCode::kUnsupported);
}

TEST_CASE("the flat list of a recipe has all that its JSON has") {
  const ParamMap properties = recipe_properties(recipe(7));
  const auto text = [&](const char* key) { return get_text(properties, key); };
  CHECK(text("model") == "dawn");
  CHECK(text("model_hash") == std::string(64, 'a'));
  CHECK(text("class") == "potion=0.5,sword=0.25");
  CHECK(text("negative") == "key=1");
  CHECK(text("sampler") == "ddim");
  CHECK(text("init_image") == "/a.png");
  CHECK(text("init_image_sha256") == std::string(64, 'b'));
  CHECK(text("mask") == "/b.png");
  CHECK(text("mask_sha256") == std::string(64, 'c'));
  CHECK(get_int(properties, "seed") == 7);
  CHECK(get_int(properties, "steps_done") == 25);
  CHECK_FALSE(properties.contains("edited"));
  for (const ParamMap& values :
       {recipe(7).settings.shared_params, recipe(7).settings.sampler_params, recipe(7).settings.init_params}) {
    for (const auto& [key, value] : values) {
      CAPTURE(key);
      REQUIRE(properties.contains(key));
      CHECK((properties.find(key)->second == value));
    }
  }
  SpriteRecipe other = recipe(7);
  other.edited = true;
  other.settings.negative.clear();
  other.settings.mask = {};
  CHECK(get_bool(recipe_properties(other), "edited"));
  CHECK_FALSE(recipe_properties(other).contains("negative"));
  CHECK_FALSE(recipe_properties(other).contains("mask"));
  other.model_name.clear();
  CHECK(recipe_properties(other).empty());
}
