#include "app/state/train_settings.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

ParamValue whole(std::int64_t value) { return value; }

Catalog small_catalog() {
  Catalog c;
  c.recipe = {
      {.id = "channels", .label = "Channels", .fallback = "rgba", .choices = {"rgba", "rgb"}, .group = "Sprites"},
      {.id = "network", .label = "Network", .fallback = "one", .choices = {"one", "two"}, .group = "Network", .of_model = true},
      {.id = "width", .label = "Width", .fallback = 64, .min = 16, .max = 512, .of_model = true},
      {.id = "features", .label = "Features", .fallback = 64, .min = 8, .max = 512, .of_model = true},
      {.id = "schedule",
       .label = "Schedule",
       .fallback = "cosine",
       .choices = {"linear", "cosine"},
       .group = "Noise",
       .of_model = true},
      {.id = "steps",
       .label = "Steps",
       .fallback = 20000,
       .min = 1,
       .max = 1e7,
       .group = "Learning",
       .basic = true,
       .same_speed = true},
      {.id = "batch", .label = "Batch", .fallback = 64, .min = 1, .max = 4096},
      {.id = "seed", .label = "Seed", .fallback = 0, .max = 4294967295.0, .same_speed = true},
      {.id = "dropout", .label = "Dropout", .fallback = 0.1, .max = 0.9}};
  c.recipes = {{"quick", "Quick look", "", {{"steps", whole(1500)}, {"width", whole(32)}}},
               {"tune", "Fine-tune", "", {{"steps", whole(800)}}, true}};
  c.networks = {{"one", {"width"}}, {"two", {"features"}}};
  return c;
}

std::vector<std::string> shown(const std::vector<RecipeGroup>& groups) {
  std::vector<std::string> ids;
  for (const RecipeGroup& group : groups) {
    for (const ParamSpec* spec : group.specs) ids.push_back(spec->id);
  }
  return ids;
}

bool holds(const std::vector<std::string>& ids, const char* id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

SpriteSource folder(const std::string& path) {
  SpriteSource source;
  source.path = path;
  return source;
}

TEST_CASE("The recipe that is shown is the artist's over the preset's over the defaults") {
  const Catalog catalog = small_catalog();
  TrainSettings settings;
  set_value(settings, catalog, "width", whole(96));
  set_value(settings, catalog, "batch", whole(16));
  const ParamMap recipe = whole_recipe(settings, catalog);
  CHECK(get_int(recipe, "width") == 96);
  CHECK(get_int(recipe, "batch") == 16);
  CHECK(get_int(recipe, "steps") == 1500);
  CHECK(get_real(recipe, "dropout") == 0.1);
}

TEST_CASE("What is set belongs to its recipe, and setting it back leaves no trace") {
  const Catalog catalog = small_catalog();
  TrainSettings settings;
  set_value(settings, catalog, "steps", whole(300));
  settings.recipe = "tune";
  CHECK(get_int(whole_recipe(settings, catalog), "steps") == 800);
  settings.recipe = "quick";
  CHECK(get_int(whole_recipe(settings, catalog), "steps") == 300);
  set_value(settings, catalog, "steps", whole(1500));
  CHECK(settings.overrides.empty());
}

TEST_CASE("Settings of another version are made fit") {
  const Catalog catalog = small_catalog();
  TrainSettings settings;
  settings.recipe = "gone";
  settings.overrides["quick"] = {{"width", whole(96)}, {"batch", whole(0)}, {"unheard_of", whole(1)}, {"dropout", whole(0)}};
  settings.overrides["gone"] = {{"width", whole(96)}};
  fit_to(settings, catalog);
  CHECK(settings.recipe == "quick");
  REQUIRE(settings.overrides.size() == 1);
  const ParamMap& kept = settings.overrides.at("quick");
  CHECK(kept.size() == 2);
  CHECK(get_int(kept, "width") == 96);
  CHECK(get_real(kept, "dropout") == 0);  // a whole number, where a real one is wanted
}

TEST_CASE("Of the networks' parameters, those of the chosen network show; going on with a model shows neither") {
  const Catalog catalog = small_catalog();
  const auto one = shown(recipe_groups(catalog, "one", false));
  CHECK(holds(one, "width"));
  CHECK_FALSE(holds(one, "features"));
  CHECK(holds(one, "batch"));
  const auto two = shown(recipe_groups(catalog, "two", false));
  CHECK(holds(two, "features"));
  CHECK_FALSE(holds(two, "width"));
  const auto tuned = shown(recipe_groups(catalog, "one", true));
  CHECK_FALSE(holds(tuned, "width"));
  CHECK_FALSE(holds(tuned, "schedule"));
  CHECK(holds(tuned, "batch"));
  REQUIRE(size_of_network(catalog, "two") != nullptr);
  CHECK(size_of_network(catalog, "two")->id == "features");
}

TEST_CASE("A run goes into the home folder, and its model where the Generate tab looks") {
  const Catalog catalog = small_catalog();
  TrainSettings settings;
  set_value(settings, catalog, "batch", whole(16));
  Preprocessing cropped;
  cropped.crop = true;
  const TrainRequest request = make_train_request(settings, catalog, "/home/x", "potions", folder("/data/potions"), cropped);
  CHECK(request.run == "/home/x/runs/potions");
  CHECK(request.out == "/home/x/models/potions.safetensors");
  CHECK(request.recipe == "quick");
  CHECK(request.source.path == "/data/potions");
  CHECK(request.preprocessing.crop);
  CHECK(get_int(request.overrides, "batch") == 16);
  CHECK(request.init.empty());
  CHECK_FALSE(request.resume);
}

TEST_CASE("Fine-tuning takes the network from its model, whatever was set before") {
  const Catalog catalog = small_catalog();
  TrainSettings settings;
  settings.recipe = "tune";
  settings.init = "/models/old.safetensors";
  set_value(settings, catalog, "width", whole(96));
  set_value(settings, catalog, "batch", whole(16));
  const TrainRequest request = make_train_request(settings, catalog, "/home/x", "potions", folder("/data"), {});
  CHECK(request.init == "/models/old.safetensors");
  CHECK_FALSE(request.overrides.contains("width"));
  CHECK(request.overrides.contains("batch"));
  settings.recipe = "quick";
  CHECK(make_train_request(settings, catalog, "/home/x", "potions", folder("/data"), {}).init.empty());
}

TEST_CASE("A plan is made anew for what changes speed or size, not for what does not") {
  const Catalog catalog = small_catalog();
  TrainSettings settings;
  const auto key = [&](const Preprocessing& preprocessing = {}) {
    return plan_request(make_train_request(settings, catalog, "/home/x", "potions", folder("/data"), preprocessing), catalog);
  };
  const TrainRequest before = key();
  set_value(settings, catalog, "steps", whole(99));
  set_value(settings, catalog, "seed", whole(7));
  CHECK((key() == before));
  Preprocessing unlike, renamed;
  unlike.drop_duplicates = true;
  renamed.renames = {{"a", "b"}};
  CHECK((key(unlike) != before));
  CHECK((key(renamed) != before));
  set_value(settings, catalog, "batch", whole(16));
  CHECK((key() != before));
}

TEST_CASE("The time of a plan follows the steps") {
  TrainPlan plan;
  plan.total = 1000;
  plan.left_s = 50;
  CHECK(planned_time_s(plan, 3000) == doctest::Approx(150));
  plan.left_s = -1;
  CHECK(planned_time_s(plan, 3000) < 0);
  plan.images_per_s = 100;
  plan.recipe["batch"] = whole(50);
  CHECK(planned_time_s(plan, 3000) == doctest::Approx(1500));
}

TEST_CASE("A new run's name comes from its data and is nobody else's") {
  const test::TemporaryFolder home;
  const fs::path data = home.path() / "my potions";
  fs::create_directories(data);
  CHECK(free_run_name(home.path(), data.string()) == "my potions");
  CHECK(free_run_name(home.path(), data.string() + "/") == "my potions");
  fs::create_directories(home.path() / "runs" / "my potions");
  fs::create_directories(home.path() / "models");
  std::ofstream(home.path() / "models" / "my potions 2.safetensors") << "x";
  CHECK(free_run_name(home.path(), data.string()) == "my potions 3");
  CHECK(free_run_name(home.path(), "/art/sheet.png") == "sheet");
  CHECK_FALSE(why_not_run_name(home.path(), "my potions").empty());
  CHECK_FALSE(why_not_run_name(home.path(), "a/b").empty());
  CHECK_FALSE(why_not_run_name(home.path(), "").empty());
  CHECK_FALSE(why_not_run_name(home.path(), "..").empty());
  CHECK(why_not_run_name(home.path(), "another").empty());
  CHECK(is_run_there(home.path(), "my potions"));
  CHECK_FALSE(is_run_there(home.path(), "my potions 2"));  // a model that may be of no run
  CHECK_FALSE(is_run_there(home.path(), "another"));
  CHECK_FALSE(is_run_there(home.path(), "."));
}

}  // namespace
}  // namespace kiln
