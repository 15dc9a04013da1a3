#include "app/state/settings.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "app/state/colours.h"
#include "app/state/frame_times.h"
#include "app/state/grid_layout.h"
#include "app/state/model_list.h"
#include "engine/base/file.h"
#include "tests/app/support/small_model.h"
#include "tests/support/temporary_folder.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using test::small_catalog, test::three_class_model;

TEST_CASE("Settings come back as they were saved") {
  const test::TemporaryFolder folder;
  Settings settings;
  settings.window_width = 1500;
  settings.exporting.path = "/tmp/übung “x”.png";
  for (const auto& [id, value] : ParamMap{{"columns", 5}, {"atlas", "godot"}, {"trim", true}}) settings.exporting.sheet[id] = value;
  settings.export_profiles["for “Godot”"] = settings.exporting;
  settings.export_profiles["plain"] = {};
  settings.lab.level = 0.7;
  settings.lab.values["seed"] = std::int64_t{9007199254740991};
  settings.lab.of_model = {{"guidance", 3.5}};
  GenerateSettings& g = settings.generate;
  g.model = "/models/a.safetensors";
  g.classes = {"bow", "axe"};
  g.mix = {{"cap", 0.25}};
  g.sampler = "ddpm";
  g.sampler_params = {{"ddpm", {{"variance", "large"}}}, {"ddim", {{"eta", 0.5}}}};
  for (const auto& [id, value] : ParamMap{{"guidance", 7.5}, {"clamp", false}, {"count", 64}, {"seed", 9007199254740991}})
    g.shared_params[id] = value;
  g.seed_locked = true;
  settings.data = {
      "/sprites/mine", true, {8, 12, 1, 2, 3, 4}, "/labels.npy", "axe,bow", "/made", "/looked/at", 32, 50, 7, true, 96};
  settings.gallery = {"/kept", 48};
  AnimateSettings& a = settings.animate;
  a.motion = motions().back().id;
  a.values[a.motion] = defaults_of(motions().back().params);
  a.playing["frames"] = std::int64_t{6};
  a.redraw["seed"] = std::int64_t{77};
  a.redrawn = a.onion = true;
  a.morph["frames"] = std::int64_t{9};
  a.path = "/tmp/läuft.apng";
  for (const auto& [id, value] : ParamMap{{"atlas", "godot"}, {"columns", 3}, {"padding", 2}, {"scale", 8}, {"trim", true}})
    a.sheet[id] = value;
  save_settings(folder.path() / "deep" / "settings.json", settings);
  const LoadedSettings loaded = load_settings(folder.path() / "deep" / "settings.json");
  CHECK_FALSE(loaded.problem.has_value());
  CHECK(loaded.settings == settings);
}

TEST_CASE("An animation's settings that mean nothing here become the defaults or the nearest, the others stay") {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "settings.json", std::string_view(R"({"animate": {
    "motion": "explode", "values": {"explode": {"size": 3}, "bob": {"height": 1e9}}, "playing": {"frames": 99, "ping_pong": true},
    "morph": {"frames": 500, "speed": 2}, "atlas": "photoshop", "scale": -4, "padding": 1000, "path": "/tmp/a.gif"}})"));
  const LoadedSettings loaded = load_settings(folder.path() / "settings.json");
  CHECK_FALSE(loaded.problem.has_value());
  const AnimateSettings& animate = loaded.settings.animate;
  CHECK(animate.motion == AnimateSettings{}.motion);
  CHECK(animate.values.size() == 1);
  CHECK((animate.values.at("bob") == defaults_of(find_motion("bob").params)));
  CHECK(get_int(animate.playing, "frames") == 8);  // the most
  CHECK(get_bool(animate.playing, "ping_pong"));
  CHECK((animate.morph == ParamMap{{"frames", std::int64_t{32}}}));  // the most
  CHECK(animate.path == "/tmp/a.gif");
  CHECK(get_text(animate.sheet, "atlas") == "none");
  CHECK(get_int(animate.sheet, "padding") == 16);
  CHECK(get_int(animate.sheet, "scale") == 1);
  CHECK(animate.sheet.size() == animation_sheet_specs().size());
}

TEST_CASE("How an animation's sheet was laid out, as an earlier version kept it, is read") {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "settings.json",
             std::string_view(R"({"animate": {"atlas": "godot", "columns": 3, "padding": 2, "scale": 4, "path": "/tmp/a.png"}})"));
  const AnimationFile file = animation_file("a.png", load_settings(folder.path() / "settings.json").settings.animate.sheet);
  CHECK(file.atlas == "godot");
  CHECK(file.columns == 3);
  CHECK(file.padding == 2);
  CHECK(file.scale == 4);
}

TEST_CASE("The Data tab's settings of an earlier version are read") {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "settings.json", std::string_view(R"({
    "version": 1,
    "data": {"path": "/sprites/mine", "sheets": true, "grid": [8, 12, 1, 2, 3, 4], "labels": "", "names": "axe,bow", "starter_size": 32}
  })"));
  const LoadedSettings loaded = load_settings(folder.path() / "settings.json");
  CHECK_FALSE(loaded.problem.has_value());
  CHECK(loaded.settings.data.grid == CellGrid{8, 12, 1, 2, 3, 4});
  CHECK(loaded.settings.data.names == "axe,bow");
  CHECK(loaded.settings.data.starter_size == 32);
}

TEST_CASE("No settings yet is no problem") {
  const test::TemporaryFolder folder;
  const LoadedSettings loaded = load_settings(folder.path() / "settings.json");
  CHECK_FALSE(loaded.problem.has_value());
  CHECK(loaded.settings.generate == GenerateSettings{});
}

TEST_CASE("Broken settings give the defaults and say so") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "settings.json";
  for (const char* text : {"", "{", "[]", "null", "7", "\"x\"", R"({"generate": 5})", R"({"generate": {"count": "many"}})",
                           R"({"generate": {"classes": {"a": 1}}})", R"({"window": {"width": []}})", "\xff\xfe\x00"}) {
    CAPTURE(text);
    write_file(file, std::string_view(text));
    const LoadedSettings loaded = load_settings(file);
    CHECK(loaded.problem.has_value());
    CHECK(loaded.settings.generate == GenerateSettings{});
    CHECK(loaded.settings.exporting.sheet == defaults_of(sheet_specs()));
  }
  fs::remove(file);
  fs::create_directories(file);
  CHECK(load_settings(file).problem.has_value());
}

TEST_CASE("Absurd numbers are brought into range") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "settings.json";
  write_file(
      file, std::string_view(R"({"window": {"width": 3, "height": 99999999}, "generate": {"count": 0, "steps": -4, "mix": {"a": 9}},
                                        "export": {"scale": 1000, "padding": -1, "columns": 900}})"));
  const LoadedSettings loaded = load_settings(file);
  CHECK_FALSE(loaded.problem.has_value());
  CHECK(loaded.settings.window_width == 720);
  CHECK(loaded.settings.window_height == 16384);
  CHECK(get_int(loaded.settings.generate.shared_params, "count") == 1);
  CHECK(get_int(loaded.settings.generate.shared_params, "steps") == 1);
  CHECK(loaded.settings.generate.mix.at("a") == 1);
  CHECK(get_int(loaded.settings.exporting.sheet, "scale") == 16);
  CHECK(get_int(loaded.settings.exporting.sheet, "padding") == 0);
  CHECK(get_int(loaded.settings.exporting.sheet, "columns") == kMostSprites);
}

TEST_CASE("A run has no more steps than the model was trained on") {
  GenerateSettings settings;
  settings.shared_params["steps"] = 800;
  ModelInfo model = three_class_model();
  const auto steps = [&] { return get_int(make_request(settings, small_catalog(), model).settings.shared_params, "steps"); };
  CHECK(steps() == 800);
  model.timesteps = 500;
  CHECK(steps() == 500);
  settings.shared_params["steps"] = 2000;
  model.timesteps = 4000;
  CHECK(steps() == 1000);
}

TEST_CASE("With another model come its own guidance, steps and sampler, but for those that were set by hand") {
  const Catalog catalog = small_catalog();
  GenerateSettings settings;
  ModelInfo plain = three_class_model(), tuned = plain, other = plain;
  tuned.sampling = {{"guidance", 3.0}, {"guidance_from", 0.25}, {"sampler", std::string("ddpm")}};
  other.sampling = {{"guidance", 4.0}, {"steps", std::int64_t{12}}};
  const auto value = [&](const char* id) { return to_string(settings.shared_params.at(id)); };
  follow_model(settings, plain);
  CHECK(settings == GenerateSettings());
  follow_model(settings, tuned);
  CHECK(value("guidance") == "3");
  CHECK(value("guidance_from") == "0.25");
  CHECK(settings.sampler == "ddpm");
  settings.shared_params["guidance"] = 2.0;  // by hand, and as it is by default
  follow_model(settings, tuned);
  CHECK(value("guidance") == "2");
  follow_model(settings, other);
  CHECK(value("guidance") == "2");
  CHECK(value("guidance_from") == "0");
  CHECK(value("steps") == "12");
  CHECK(settings.sampler == "ddim");
  follow_model(settings, plain);
  CHECK(value("steps") == "25");
  // What the slider goes back to.
  CHECK(find_spec(sampling_for(catalog, &other), "steps", "").fallback == ParamValue(std::int64_t{12}));
}

TEST_CASE("A parameter that the engine declares is kept, checked and asked for without more being said of it") {
  Catalog catalog = small_catalog();
  catalog.sampling.push_back({.id = "sparkle", .label = "Sparkle", .fallback = 0.5, .max = 1});
  GenerateSettings settings;
  fit_to(settings, catalog);
  CHECK(get_real(settings.shared_params, "sparkle") == 0.5);
  settings.shared_params["sparkle"] = 7.0;
  CHECK(get_real(make_request(settings, catalog, three_class_model()).settings.shared_params, "sparkle") == 1);
}

TEST_CASE("Settings of version 1 are read") {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "settings.json", std::string_view(R"({
  "data": {"browsed": "", "cell": 64, "grid": [8, 12, 1, 2, 3, 4], "labels": "", "made_in": "", "names": "axe,bow", "path": "/mine",
           "sheets": true, "starter_count": 100, "starter_seed": 0, "starter_size": 16},
  "export": {"columns": 5, "padding": 2, "path": "/tmp/sheet.png", "scale": 8},
  "generate": {"classes": ["bow"], "count": 9, "mix": {"cap": 0.25}, "model": "/models/a.safetensors", "preview_every": 3,
               "sampler": "ddpm", "sampler_params": {"ddim": {"eta": 0.5}}, "seed": 77, "seed_locked": true,
               "shared_params": {"clamp": false, "guidance": 7.5, "spacing": "leading"}, "steps": 50},
  "train": {"init": "/old", "log_loss": true, "overrides": {"quick": {"batch": 16, "dropout": 0.2, "flips": "*"}},
            "recipe": "quick", "unfinished": "/runs/x"},
  "version": 1,
  "window": {"height": 900, "width": 1500}
})"));
  const LoadedSettings loaded = load_settings(folder.path() / "settings.json");
  CHECK_FALSE(loaded.problem.has_value());
  const Settings& s = loaded.settings;
  CHECK(s.window_width == 1500);
  CHECK(s.data.grid == CellGrid{8, 12, 1, 2, 3, 4});
  CHECK(s.exporting.path == "/tmp/sheet.png");
  CHECK(get_int(s.exporting.sheet, "columns") == 5);
  CHECK(get_int(s.exporting.sheet, "padding") == 2);
  CHECK(get_int(s.exporting.sheet, "scale") == 8);
  CHECK(s.generate.sampler == "ddpm");
  CHECK(s.generate.sampler_params.at("ddim") == ParamMap{{"eta", 0.5}});
  CHECK(s.generate.seed_locked);
  const ParamMap& values = s.generate.shared_params;
  CHECK(get_int(values, "count") == 9);
  CHECK(get_int(values, "steps") == 50);
  CHECK(get_int(values, "seed") == 77);
  CHECK(get_int(values, "preview_every") == 3);
  CHECK(get_real(values, "guidance") == 7.5);
  CHECK(get_text(values, "spacing") == "leading");
  CHECK_FALSE(get_bool(values, "clamp"));
  CHECK(s.train.overrides.at("quick") == ParamMap{{"batch", 16}, {"dropout", 0.2}, {"flips", "*"}});
  CHECK(s.train.log_loss);
  save_settings(folder.path() / "settings.json", s);
  CHECK(load_settings(folder.path() / "settings.json").settings == s);
}

TEST_CASE("Chosen classes take turns; a mix goes before them") {
  GenerateSettings settings;
  const ModelInfo model = three_class_model();
  CHECK(make_request(settings, small_catalog(), model).conditions.empty());
  choose_class(settings, "bow", false);
  choose_class(settings, "axe", true);
  settings.classes.push_back("gone");
  const SampleRequest turns = make_request(settings, small_catalog(), model);
  REQUIRE(turns.conditions.size() == 2);
  CHECK(turns.conditions[0] == Condition{{"bow", 1}});
  CHECK(turns.conditions[1] == Condition{{"axe", 1}});

  settings.mix = {{"cap", 0.5}, {"axe", 0.25}, {"bow", 0}, {"gone", 1}};
  const SampleRequest mix = make_request(settings, small_catalog(), model);
  REQUIRE(mix.conditions.size() == 1);
  CHECK(mix.conditions[0] == Condition{{"axe", 0.25}, {"cap", 0.5}});

  choose_class(settings, "cap", false);
  CHECK(settings.mix.empty());
  CHECK(settings.classes == std::vector<std::string>{"cap"});
  choose_class(settings, "cap", true);
  CHECK(settings.classes.empty());
}

TEST_CASE("Parameters that this engine does not know are left out of the request") {
  GenerateSettings settings;
  settings.sampler = "ddpm";
  settings.sampler_params["ddpm"] = {{"variance", "huge"}, {"old", 1.0}};
  settings.shared_params = {{"guidance", 99.0}, {"clamp", false}, {"older", true}};
  const SampleRequest request = make_request(settings, small_catalog(), three_class_model());
  CHECK(request.settings.sampler == "ddpm");
  CHECK(request.settings.sampler_params == ParamMap{{"variance", "small"}});
  ParamMap expected = defaults_of(sampling_specs());
  expected.erase("frame");  // of models that draw animations
  expected["guidance"] = 15.0;
  expected["clamp"] = false;
  CHECK(request.settings.shared_params == expected);
  settings.sampler = "gone";
  CHECK(make_request(settings, small_catalog(), three_class_model()).settings.sampler == "ddim");
}

TEST_CASE("The file to export to, as typed") {
  setenv("HOME", "/home/artist", 1);
  CHECK(export_file("~/a/sheet.png") == fs::path("/home/artist/a/sheet.png"));
  CHECK(export_file("sheet") == fs::path("sheet.png"));
  CHECK(export_file("/tmp/x.PNG") == fs::path("/tmp/x.PNG"));
}

TEST_CASE("Models are listed by name from all folders") {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "b" / "zebra.safetensors", std::string_view("x"));
  write_file(folder.path() / "a" / "yak.safetensors", std::string_view("x"));
  write_file(folder.path() / "a" / "notes.md", std::string_view("x"));
  const auto models = list_models({folder.path() / "b", folder.path() / "a", folder.path() / "none"});
  REQUIRE(models.size() == 2);
  CHECK(models[0].name == "yak");
  CHECK(models[1].path == (folder.path() / "b" / "zebra.safetensors").string());
}

TEST_CASE("The grid is as large as whole zooms allow and stays inside its space") {
  const GridLayout sixteen = fit_grid(16, 16, 16, 620, 640, 10, 24);
  CHECK(sixteen.columns == 4);
  CHECK(sixteen.zoom == 9);
  for (int count : {1, 2, 3, 5, 7, 16, 33, 64}) {
    CAPTURE(count);
    const GridLayout grid = fit_grid(count, 16, 16, 900, 500, 8, 24);
    CHECK(grid.columns * grid.rows >= count);
    CHECK(grid.x(0) >= 0);
    CHECK(grid.x(grid.columns - 1) + grid.cell_width <= 900);
    CHECK(grid.y(count - 1) + grid.cell_height <= 500);
    CHECK(grid.cell_width == 16 * grid.zoom);
  }
  CHECK(fit_grid(1, 16, 16, 5000, 5000, 8, 24).zoom == 24);
  CHECK(fit_grid(4, 64, 64, 20, 20, 8, 24).zoom == 1);
}

TEST_CASE("Frame times: of the last ten seconds") {
  FrameTimes times;
  times.add(0, 500);
  for (int i = 0; i < 100; ++i) times.add(11 + i * 0.01, i);
  const FrameStats stats = times.stats();
  CHECK(stats.median == 49);
  CHECK(stats.p99 == 98);
  CHECK(stats.max == 99);
}

TEST_CASE("Colours of a sprite, the most frequent first, nothing of what cannot be seen") {
  Image image(2, 2);
  const std::uint8_t pixels[] = {1, 2, 3, 255, 9, 9, 9, 255, 9, 9, 9, 255, 200, 200, 200, 0};
  image.rgba.assign(std::begin(pixels), std::end(pixels));
  const auto colours = colours_of(image);
  REQUIRE(colours.size() == 2);
  CHECK(hex(colours[0]) == "#090909");
  CHECK(hex(colours[1]) == "#010203");
  const std::vector<Rgb8> three = {{0, 0, 0}, {3, 4, 0}, {0, 0, 9}};
  CHECK(apart(three, 5).size() == 3);
  CHECK(apart(three, 6) == std::vector<Rgb8>{{0, 0, 0}, {0, 0, 9}});
}

}  // namespace
}  // namespace kiln
