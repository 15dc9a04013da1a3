#include "engine/training/recipe.h"

#include <set>

#include "engine/network/model.h"
#include "engine/training/model_to_train.h"
#include "engine/training/objective.h"
#include "tests/engine/formats/support.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("a recipe is whole: the preset's values over the defaults, yours over both") {
  const ParamMap standard = make_recipe("", {});
  CHECK(standard.size() == recipe_specs().size());
  CHECK((standard == make_recipe("standard", {})));
  const ParamMap quick = make_recipe("quick", {{"steps", std::int64_t{7}}});
  CHECK(get_int(quick, "steps") == 7);
  CHECK(get_int(quick, "width") == 32);
  CHECK(get_int(standard, "width") == 64);
  CHECK(get_real(make_recipe("", {{"min_snr_gamma", std::int64_t{3}}}), "min_snr_gamma") == 3.0);
}

TEST_CASE("no two parameters share a key, and every network gets its own") {
  std::set<std::string> keys;
  for (const auto& spec : recipe_specs()) CHECK_MESSAGE(keys.insert(spec.id).second, spec.id);
  const ParamMap recipe = make_recipe("", {});
  for (const auto& kind : network_kinds()) {
    CAPTURE(kind.id);
    ParamMap params;
    for (const auto& spec : kind.params) params[spec.id] = recipe.at(recipe_key(kind, spec));
    CHECK((params == defaults_of(kind.params)));
    CHECK(kind.fewest_parameters({16, 16, 4, 2}, params) <=
          static_cast<double>(parameter_count(*kind.make({16, 16, 4, 2}, params))));
  }
}

TEST_CASE("every preset makes a network, a loss and sprites of the usual sizes") {
  for (const auto& preset : recipe_presets()) {
    CAPTURE(preset.id);
    const ParamMap recipe = make_recipe(preset.id, {});
    const auto objective = make_objective(recipe, 2);
    CHECK(objective->schedule().length() == get_int(recipe, "timesteps"));
    ParamMap params;
    const NetworkKind& kind = find_network(get_text(recipe, "network"));
    for (const auto& spec : kind.params) params[spec.id] = recipe.at(recipe_key(kind, spec));
    for (const int side : {16, 32, 64}) CHECK(kind.fewest_parameters({side, side, 4, 2}, params) < 1e8);
  }
}

TEST_CASE("a run shares with the model that it starts from what the recipe says it does, of every network") {
  for (const auto& kind : network_kinds()) {
    CAPTURE(kind.id);
    const ParamMap shared = recipe_of(make_model(kind.id, defaults_of(kind.params), {16, 16, 4, 0}, {"axe"}));
    std::set<std::string> of_others;
    for (const auto& other : network_kinds()) {
      for (const auto& param : other.params) {
        if (other.id != kind.id) of_others.insert(recipe_key(other, param));
      }
    }
    for (const auto& spec : recipe_specs()) {
      CAPTURE(spec.id);
      if (!of_others.contains(spec.id)) CHECK(shared.contains(spec.id) == spec.of_model);
    }
  }
}

TEST_CASE("a model's noise and the recipe's are the same values") {
  const ParamMap recipe = make_recipe("ddpm", {{"zero_terminal_snr", false}, {"legacy_noise", true}, {"beta_end", 0.03}});
  Model model = make_model("kiln_unet", defaults_of(find_network("kiln_unet").params), {16, 16, 4, 0}, {});
  model.diffusion = diffusion_of(recipe);
  for (const auto& [key, value] : recipe_of(model)) {
    CAPTURE(key);
    if (find_spec(recipe_specs(), key, "").group == "Noise") CHECK((recipe.at(key) == value));
  }
}

TEST_CASE("an unknown key names the nearest one") {
  const Error key = error_of([] { make_recipe("", {{"learning_rat", 1e-3}}); });
  CHECK(key.code == ErrorCode::kInvalidArgument);
  CHECK(key.hint.find("learning_rate") != std::string::npos);
  const Error preset = error_of([] { make_recipe("quik", {}); });
  CHECK(preset.code == ErrorCode::kNotFound);
  CHECK(preset.hint.find("quick") != std::string::npos);
}

TEST_CASE("values of another type or out of range are refused, naming the key") {
  const std::vector<std::pair<std::string, ParamValue>> bad = {{"steps", 1.5},
                                                               {"steps", std::string("many")},
                                                               {"steps", std::int64_t{0}},
                                                               {"steps", true},
                                                               {"learning_rate", std::string("fast")},
                                                               {"learning_rate", 2.0},
                                                               {"prediction", std::string("w")},
                                                               {"prediction", std::int64_t{1}},
                                                               {"validation_share", 0.9},
                                                               {"zero_terminal_snr", std::int64_t{1}},
                                                               {"p_uncond", -0.1},
                                                               {"channels", std::string("cmyk")}};
  for (const auto& [key, value] : bad) {
    CAPTURE(key);
    const Error error = error_of([&, &id = key, &given = value] { make_recipe("", {{id, given}}); });
    CHECK(error.code == ErrorCode::kInvalidArgument);
    CHECK(error.message.find(key) != std::string::npos);
  }
}

TEST_CASE("a recipe survives its JSON file") {
  const TemporaryFolder scratch;
  const ParamMap recipe = make_recipe("quick", {{"flips", std::string("Äxte, bow")},
                                                {"zero_terminal_snr", true},
                                                {"beta_end", 0.0123456789012345},
                                                {"seed", std::int64_t{4294967295}}});
  CHECK((recipe_from_json(recipe_to_json(recipe), "it") == recipe));
  write_file(scratch / "mine.json", recipe_to_json(recipe));
  CHECK((make_recipe((scratch / "mine.json").string(), {}) == recipe));
  write_file(scratch / "mine.json", R"({"steps": 9, "gradient_clip": 2})");
  const ParamMap some = make_recipe((scratch / "mine.json").string(), {{"batch", std::int64_t{8}}});
  CHECK(get_int(some, "steps") == 9);
  CHECK(get_real(some, "gradient_clip") == 2.0);
  CHECK(get_int(some, "batch") == 8);
  CHECK(get_int(some, "width") == 64);
}

TEST_CASE("all 64 bits of a recipe's seed count, through its file too") {
  const TemporaryFolder scratch;
  std::set<std::string> weights;
  for (const std::uint64_t seed : {std::uint64_t{1} << 53, (std::uint64_t{1} << 53) + 1, std::uint64_t{7},
                                   (std::uint64_t{1} << 32) + 7, kLargestSeed - 1, kLargestSeed}) {
    CAPTURE(seed);
    const ParamMap recipe = make_recipe("quick", {{"seed", whole_number(seed)}});
    write_file(scratch / "mine.json", recipe_to_json(recipe));
    const ParamMap again = make_recipe((scratch / "mine.json").string(), {});
    CHECK((again == recipe));
    CHECK(get_seed(again, "seed") == seed);
    const Model model = model_to_train(again, 16, 16, {"axe"});
    std::string values;
    for (const auto& parameter : model.network->parameters()) values += std::to_string(parameter.sum().item<double>()) + " ";
    CHECK(weights.insert(values).second);
  }
  write_file(scratch / "mine.json", R"({"seed": 18446744073709551616})");
  const Error large = error_of([&] { make_recipe((scratch / "mine.json").string(), {}); });
  CHECK(large.message.find("seed") != std::string::npos);
  CHECK(large.hint == "give a whole number from 0 to 18446744073709551615");
  CHECK(error_of([] { make_recipe("", {{"seed", std::int64_t{-1}}}); }).code == ErrorCode::kInvalidArgument);
}

TEST_CASE("a recipe file that is none is refused") {
  const TemporaryFolder scratch;
  const auto refusal = [&](std::string_view text) {
    write_file(scratch / "r.json", text);
    return error_of([&] { make_recipe((scratch / "r.json").string(), {}); });
  };
  for (const char* text : {"", "{", "[1]", "7", "{\"steps\": [1]}", "{\"steps\": null}", "{\"steps\": {}}"}) {
    CAPTURE(text);
    CHECK(refusal(text).code == ErrorCode::kCorrupt);
  }
  CHECK(refusal(R"({"stepz": 5})").hint.find("steps") != std::string::npos);
  CHECK(refusal(R"({"steps": "5"})").code == ErrorCode::kInvalidArgument);
  CHECK(refusal(R"({"steps": 18446744073709551615})").code == ErrorCode::kInvalidArgument);
  CHECK(error_of([&] { make_recipe((scratch / "none.json").string(), {}); }).code == ErrorCode::kNotFound);
}
