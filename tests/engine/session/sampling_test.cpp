#include "tests/engine/session/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "engine/base/cpu.h"
#include "engine/base/file.h"
#include "engine/gallery/recipe_batch.h"
#include "engine/session/pixels.h"

using namespace kiln;
using namespace kiln::test;

namespace {

std::vector<Sprite> sample(Listener& engine, std::uint64_t id, const SampleRequest& request) {
  const JobId job{id};
  engine.send(StartSampling{job, request});
  REQUIRE(engine.wait_for_end(job));
  INFO(engine.ended(job)->error.message, " ", engine.ended(job)->error.detail);
  REQUIRE(engine.ended(job)->outcome == Outcome::kDone);
  return engine.find<SpritesReady>(job)->sprites;
}

// The largest difference between two sprites, in grey levels.
int difference(const Image& a, const Image& b) {
  REQUIRE(a.rgba.size() == b.rgba.size());
  int most = 0;
  for (std::size_t i = 0; i < a.rgba.size(); ++i) most = std::max(most, std::abs(int{a.rgba[i]} - int{b.rgba[i]}));
  return most;
}

// A model whose sprites were of three colours.
std::string make_model_with_palette(const TemporaryFolder& folder) {
  Model model = load_model(make_model_file(folder, 16, 4, true));
  model.facts.palette = {"three", {{20, 12, 28}, {208, 70, 72}, {222, 238, 214}}};
  const std::string path = (folder / "three.safetensors").string();
  save_model(model, path, WeightType::kFloat32);
  return path;
}

// Of all pixels that can be seen.
std::set<Rgb8> colours_of(const std::vector<Image>& images) {
  std::set<Rgb8> colours;
  for (const Image& image : images) {
    for (std::size_t i = 0; i < image.rgba.size(); i += 4)
      if (image.rgba[i + 3] > 0) colours.insert({image.rgba[i], image.rgba[i + 1], image.rgba[i + 2]});
  }
  return colours;
}
std::vector<Image> images_of(const std::vector<Sprite>& sprites) {
  std::vector<Image> images;
  for (const Sprite& sprite : sprites) images.push_back(sprite.image);
  return images;
}

}  // namespace

TEST_CASE("sprites and previews have the colours of the model's palette, unless others are asked for") {
  const TemporaryFolder folder;
  Listener engine;
  SampleRequest request = request_for(make_model_with_palette(folder), 6);
  request.record_previews = true;
  const std::set<Rgb8> three = {{20, 12, 28}, {208, 70, 72}, {222, 238, 214}};
  const auto sprites = sample(engine, 1, request);
  CHECK((colours_of(images_of(sprites)) == three));
  int previews = 0;
  for (const auto& event : engine.events) {
    if (const auto* preview = std::get_if<PreviewRecorded>(&event)) {
      for (const Rgb8& colour : colours_of(sprites_of(preview->frame))) CHECK(three.contains(colour));
      ++previews;
    }
  }
  CHECK(previews > 1);
  ParamMap& values = request.settings.shared_params;
  values["palette"] = std::string("off");
  CHECK(colours_of(images_of(sample(engine, 2, request))).size() > 20);
  write_file(folder / "two.hex", "000000\nffffff\n");
  values["palette"] = (folder / "two.hex").string();
  const auto from_file = sample(engine, 3, request);
  CHECK((colours_of(images_of(from_file)) == std::set<Rgb8>{{0, 0, 0}, {255, 255, 255}}));
  CHECK(get_text(from_file[0].recipe.settings.shared_params, "palette") == "#000000,#ffffff");
  values["palette"] = (folder / "none.hex").string();
  engine.send(StartSampling{JobId{4}, request});
  REQUIRE(engine.wait_for_end(JobId{4}));
  CHECK(engine.ended(JobId{4})->error.code == ErrorCode::kNotFound);
}

TEST_CASE("fitted colours are those of the whole batch, and each sprite alone comes out the same") {
  const TemporaryFolder folder;
  Listener engine;
  SampleRequest request = request_for(make_model_file(folder), 4);
  request.settings.shared_params["palette"] = std::string("auto:5");
  request.settings.shared_params["threads"] = 1;
  const auto sprites = sample(engine, 1, request);
  CHECK((colours_of(images_of(sprites)).size() == 5));
  request.settings = sprites[2].recipe.settings;
  request.conditions = {sprites[2].recipe.condition};
  CHECK(sample(engine, 2, request)[0].image == sprites[2].image);
}

TEST_CASE("sprites carry the recipe that makes them again, to the byte") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  SampleRequest request = request_for(model, 5, 40);
  request.conditions = {{{"axe", 1.0}}, {{"sword", 0.5}, {"potion", 0.5}}};
  request.settings.sampler_params = {{"eta", 0.7}};
  const auto sprites = sample(engine, 1, request);
  REQUIRE(sprites.size() == 5);
  const auto& recipe = sprites[3].recipe;
  CHECK(get_int(recipe.settings.shared_params, "seed") == 43);
  CHECK(recipe.steps_done == 6);
  CHECK(recipe.steps_total == 0);
  CHECK((recipe.condition == Condition{{"sword", 0.5}, {"potion", 0.5}}));
  CHECK(recipe.model_hash.size() == 64);

  CHECK(sample(engine, 2, request)[3].image == sprites[3].image);  // the same request, the same bytes
  SampleRequest alone = request;
  alone.settings = recipe.settings;
  alone.conditions = {recipe.condition};
  CHECK(difference(sample(engine, 3, alone)[0].image, sprites[3].image) <= 1);
  CHECK(difference(sprites[0].image, sprites[2].image) > 8);  // other seeds are other sprites
}

TEST_CASE("a sprite does not depend on its batch") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  std::uint64_t id = 0;
  for (const char* precision : {"fp32", "bf16"}) {
    for (const char* sampler : {"ddim", "ddpm", "dpmpp_2m"}) {
      SampleRequest request = request_for(model, 64, 100);
      request.settings.sampler = sampler;
      request.settings.shared_params["precision"] = precision;
      request.settings.shared_params["threads"] = 2;
      const auto many = sample(engine, ++id, request);
      request.settings.shared_params["count"] = 5;
      const auto five = sample(engine, ++id, request);
      request.settings.shared_params["count"] = 1;
      request.settings.shared_params["threads"] = 1;
      const auto one = sample(engine, ++id, request);
      CAPTURE(std::string(precision));
      CAPTURE(std::string(sampler));
      for (std::size_t i = 0; i < 5; ++i) CHECK(difference(many[i].image, five[i].image) <= 1);
      CHECK(difference(many[0].image, one[0].image) <= 1);
    }
  }
}

TEST_CASE("bf16 on a processor that has none is fp32, and a note says so") {
  const TemporaryFolder folder;
  Listener engine;
  SampleRequest request = request_for(make_model_file(folder), 2);
  request.settings.shared_params["device"] = "cpu";
  request.settings.shared_params["precision"] = "fp32";
  const auto exact = sample(engine, 1, request);
  request.settings.shared_params["precision"] = "bf16";
  const auto rounded = sample(engine, 2, request);
  const Note* note = engine.find<Note>(JobId{2});
  CHECK((note && note->message.find("has no bf16") != std::string::npos) == !cpu_has_fast_bf16());
  if (!cpu_has_fast_bf16()) CHECK(rounded[1].image == exact[1].image);
}

TEST_CASE("classes, seeds and guidance matter") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  SampleRequest request = request_for(model, 1);
  const Image potion = sample(engine, 1, request)[0].image;
  request.conditions = {{{"sword", 1.0}}};
  CHECK(difference(sample(engine, 2, request)[0].image, potion) > 2);
  request.conditions = {{{"potion", 1.0}}};
  request.settings.shared_params["guidance"] = 1.0;
  CHECK(difference(sample(engine, 3, request)[0].image, potion) > 0);
  request.settings.shared_params.erase("guidance");
  request.settings.shared_params["seed"] = 8;
  CHECK(difference(sample(engine, 4, request)[0].image, potion) > 8);
}

TEST_CASE("previews come every N steps and the last one is the result") {
  const TemporaryFolder folder;
  Listener engine;
  SampleRequest request = request_for(make_model_file(folder), 3);
  request.settings.shared_params["preview_every"] = 2;
  request.settings.shared_params["steps"] = 7;
  request.record_previews = true;
  const auto sprites = sample(engine, 1, request);
  std::vector<int> steps;
  Frame last;
  for (const auto& event : engine.events) {
    if (const auto* preview = std::get_if<PreviewRecorded>(&event)) {
      steps.push_back(preview->frame.step);
      last = preview->frame;
    }
  }
  CHECK(steps == std::vector<int>{2, 4, 6, 7});
  REQUIRE(last.count == 3);
  for (int i = 0; i < 3; ++i) CHECK(last.sprite(i) == sprites[static_cast<std::size_t>(i)].image);
  for (const auto& frame : engine.frames) CHECK(std::count(steps.begin(), steps.end(), frame.step) == 1);
  CHECK(engine.progress.back().step == 7);
}

TEST_CASE("RGB models give opaque sprites, RGBA ones have no colour where they are transparent") {
  const TemporaryFolder folder;
  Listener engine;
  const auto rgb = sample(engine, 1, request_for(make_model_file(folder, 16, 3), 2));
  for (std::size_t i = 3; i < rgb[0].image.rgba.size(); i += 4) CHECK(rgb[0].image.rgba[i] == 255);
  const auto rgba = sample(engine, 2, request_for(make_model_file(folder, 32, 4), 4));
  for (const auto& sprite : rgba) {
    CHECK(sprite.image.width == 32);
    for (std::size_t i = 0; i < sprite.image.rgba.size(); i += 4) {
      if (sprite.image.rgba[i + 3] == 0) CHECK((sprite.image.rgba[i] | sprite.image.rgba[i + 1] | sprite.image.rgba[i + 2]) == 0);
    }
  }
}

TEST_CASE("finished sprites have finished alpha; previews show it as it forms") {
  const TemporaryFolder folder;
  Listener engine;
  const auto between = [](const Image& image, int low, int high) {
    int count = 0;
    for (std::size_t i = 3; i < image.rgba.size(); i += 4) count += image.rgba[i] >= low && image.rgba[i] <= high;
    return count;
  };
  const auto soft = sample(engine, 1, request_for(make_model_file(folder), 4));
  int partly = 0;
  for (const auto& sprite : soft) {
    CHECK(between(sprite.image, 1, 16) == 0);
    CHECK(between(sprite.image, 239, 254) == 0);
    partly += between(sprite.image, 17, 238);
  }
  CHECK(partly > 0);

  SampleRequest request = request_for(make_model_file(folder, 16, 4, true), 4);
  request.record_previews = true;
  for (const auto& sprite : sample(engine, 2, request)) CHECK(between(sprite.image, 1, 254) == 0);
  const auto* first = engine.find<PreviewRecorded>({2});
  REQUIRE(first != nullptr);
  CHECK(between(first->frame.sprite(0), 1, 254) > 0);
}

TEST_CASE("what a model's file says about guidance, steps and sampler is taken where the request says nothing") {
  TemporaryFolder folder;
  Listener engine;
  const std::string path = make_model_file(folder, 16, 4, true), out = (folder / "other.safetensors").string();
  engine.send(SetModelSampling{{1}, path, out, {{"guidance", 4.5}, {"steps", 3}}});
  REQUIRE(engine.wait_for_end({1}));
  engine.send(SetModelSampling{{2}, out, out, {{"sampler", std::string("dpmpp_2m")}, {"steps", 4}, {"guidance_from", 0.25}}});
  REQUIRE(engine.wait_for_end({2}));
  CHECK(engine.find<Exported>({2})->path == out);
  CHECK((load_model(out).facts.sampling ==
         ParamMap{{"guidance", 4.5}, {"guidance_from", 0.25}, {"sampler", std::string("dpmpp_2m")}, {"steps", 4}}));
  const auto before = load_model(path).network->named_parameters(), after = load_model(out).network->named_parameters();
  for (const auto& entry : before) CHECK(torch::equal(entry.value(), after[entry.key()]));

  const Model set = load_model(out);
  REQUIRE(set.thumbnails.size() == set.classes.size());
  SampleRequest of_class;
  of_class.model_path = out;
  of_class.settings.sampler = "";
  of_class.conditions = {{{set.classes.back(), 1}}};
  of_class.settings.shared_params = {{"count", 1}, {"seed", std::uint64_t{1}}, {"device", std::string("cpu")}};
  CHECK(sample(engine, 20, of_class).front().image == set.thumbnails.back());

  SampleRequest request;
  request.model_path = out;
  request.settings.sampler = "";
  request.settings.shared_params = {{"count", 2}, {"device", std::string("cpu")}};
  const auto own = sample(engine, 3, request);
  const SampleSettings& made = own[0].recipe.settings;
  CHECK(made.sampler == "dpmpp_2m");
  CHECK(get_real(made.shared_params, "guidance") == 4.5);
  CHECK(get_int(made.shared_params, "steps") == 4);
  CHECK(own[0].recipe.steps_done == 4);
  request.settings.sampler = "ddim";
  request.settings.shared_params["guidance"] = 1.5;
  const auto told = sample(engine, 4, request);
  CHECK(told[0].recipe.settings.sampler == "ddim");
  CHECK(get_real(told[0].recipe.settings.shared_params, "guidance") == 1.5);
  CHECK(get_real(told[0].recipe.settings.shared_params, "guidance_from") == 0.25);

  const Bytes kept = read_file(out);
  JobId job{10};
  for (const ParamMap& bad : {ParamMap{{"guidance", 99.0}}, ParamMap{{"sampler", std::string("euler")}}, ParamMap{{"seed", 3}}}) {
    engine.send(SetModelSampling{job, out, out, bad});
    REQUIRE(engine.wait_for_end(job));
    CHECK((engine.ended(job)->error.code == ErrorCode::kInvalidArgument));
    ++job.value;
  }
  CHECK(read_file(out) == kept);
}

TEST_CASE("values that no model's file can have meant are not taken") {
  CHECK((defaults_of(sampling_specs_of({{"guidance", -3.0}, {"steps", std::string("many")}, {"count", 4000}, {"new", true}})) ==
         defaults_of(sampling_specs())));
}

TEST_CASE("an animated model draws its frames in turn, each again by its own recipe") {
  const TemporaryFolder folder;
  torch::manual_seed(5);
  Model model = make_model("kiln_unet",
                           {{"width", std::int64_t{32}},
                            {"multipliers", std::string("1,2")},
                            {"blocks", std::int64_t{1}},
                            {"embedding", std::int64_t{64}}},
                           {16, 16, 4, 0}, {"axe", "potion"}, {0, 3});
  {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : model.network->parameters()) {
      if (parameter.abs().max().item<float>() == 0) parameter.uniform_(-0.05, 0.05);
    }
    model.network->named_parameters()["frame_table"].normal_();
  }
  const std::string path = folder / "animated.safetensors";
  save_model(model, path, WeightType::kFloat32);
  Listener engine;
  SampleRequest request = request_for(path, 5, 40);
  request.conditions = {{{"potion", 1.0}}, {{"axe", 1.0}}};
  const auto sprites = sample(engine, 1, request);
  REQUIRE(sprites.size() == 5);
  std::vector<std::int64_t> seeds, frames;
  for (const Sprite& sprite : sprites) {
    seeds.push_back(get_int(sprite.recipe.settings.shared_params, "seed"));
    frames.push_back(get_int(sprite.recipe.settings.shared_params, "frame"));
  }
  CHECK((seeds == std::vector<std::int64_t>{40, 40, 40, 41, 42}));
  CHECK((frames == std::vector<std::int64_t>{1, 2, 3, 0, 1}));
  CHECK(!(sprites[0].image == sprites[1].image));
  for (const std::size_t i : {std::size_t{1}, std::size_t{3}, std::size_t{4}}) {
    SampleRequest alone = request;
    alone.settings = sprites[i].recipe.settings;
    alone.conditions = {sprites[i].recipe.condition};
    CHECK(difference(sample(engine, 10 + i, alone)[0].image, sprites[i].image) <= 1);
  }
  SampleRequest none = request;
  none.settings.shared_params["frame"] = std::int64_t{4};
  engine.send(StartSampling{{30}, none});
  REQUIRE(engine.wait_for_end({30}));
  CHECK(engine.ended({30})->error.message == "“potion” has no frame 4");
  PictureRecipe picture;
  for (const Sprite& sprite : sprites) picture.sprites.push_back(sprite.recipe);
  auto again = batch_of(picture);
  REQUIRE(again);
  again->model_path = path;
  const auto repeated = sample(engine, 20, *again);
  REQUIRE(repeated.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) CHECK(repeated[i].image == sprites[i].image);
}

TEST_CASE("the last seed is one that a recipe can hold, or none is made") {
  const TemporaryFolder folder;
  Listener engine;
  SampleRequest request = request_for(make_model_file(folder), 2, 0);
  request.settings.shared_params["seed"] = kLargestSeed - 1;
  const auto sprites = sample(engine, 1, request);
  CHECK(get_seed(sprites[1].recipe.settings.shared_params, "seed") == kLargestSeed);
  CHECK(sprites[0].image != sprites[1].image);
  SampleRequest again = request_of(parse_recipe_text(recipe_text({{sprites[1].recipe}}), "it").sprites.front());
  again.model_path = request.model_path;
  CHECK(sample(engine, 3, again)[0].image == sprites[1].image);
  request.first = 1;
  engine.send(StartSampling{{2}, request});
  REQUIRE(engine.wait_for_end({2}));
  CHECK(engine.ended({2})->error.message.find("18446744073709551615") != std::string::npos);
}
