#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "app/state/generate_settings.h"
#include "app/state/input_images.h"
#include "app/state/pixel_mask.h"
#include "engine/base/sha256.h"
#include "engine/formats/image_file.h"

namespace kiln {
namespace {

Image four_pixels() {
  Image image(2, 2);
  const std::uint8_t pixels[] = {1, 2, 3, 255, 9, 9, 9, 0, 7, 7, 7, 0, 1, 2, 3, 255};
  image.rgba.assign(std::begin(pixels), std::end(pixels));
  return image;
}

ModelInfo two_classes() {
  ModelInfo model;
  model.classes = {"potion", "sword"};
  return model;
}

TEST_CASE("A mask: squares, strokes without gaps, rectangles and colours, within the sprite") {
  PixelMask mask(6, 4);
  mask.paint(0, 0, 3, true);
  CHECK(mask.count() == 4);
  mask.clear();
  mask.paint_line(0, 0, 5, 3, 1, true);
  for (int x = 0; x < 6; ++x) CHECK((mask.marked(x, 0) || mask.marked(x, 1) || mask.marked(x, 2) || mask.marked(x, 3)));
  mask.clear();
  mask.paint_rectangle(4, 3, 1, -5, true);
  CHECK(mask.count() == 16);
  mask.paint_rectangle(1, 0, 1, 9, false);
  CHECK(mask.count() == 12);
  CHECK_FALSE(mask.marked(1, 0));
  CHECK_FALSE(mask.marked(-1, 0));
  const Image picture = mask.image();
  CHECK(picture.pixel(2, 0)[3] == 255);
  CHECK(picture.pixel(1, 0)[3] == 0);
  PixelMask colours(2, 2);
  colours.paint_colour(four_pixels(), 0, 0, true);
  CHECK((colours.count() == 2 && colours.marked(1, 1)));
  colours.paint_colour(four_pixels(), 1, 0, true);  // what cannot be seen is one colour
  CHECK(colours.count() == 4);
}

TEST_CASE("A distilled model has no settings that were settled with it, and others lend it theirs while a slider is held") {
  Catalog catalog;
  catalog.samplers = {{"ddim", "DDIM", "", {}}, {"ddpm", "DDPM", "", {}}};
  catalog.sampling = sampling_specs();
  ModelInfo model = two_classes();
  model.distilled = true;
  model.timesteps = 4;
  const std::vector<ParamSpec> specs = sampling_for(catalog, &model);
  const auto spec = [&](const std::string& id) {
    return std::find_if(specs.begin(), specs.end(), [&](const ParamSpec& one) { return one.id == id; });
  };
  for (const char* settled : {"guidance_from", "guidance_to", "rescale", "spacing"}) CHECK(spec(settled) == specs.end());
  CHECK(get_int({{"v", brought_into_range(*spec("steps"), std::int64_t{25})}}, "v") == 4);
  CHECK(get_real({{"v", brought_into_range(*spec("guidance"), 9.0)}}, "v") == 4);
  CHECK(get_real({{"v", brought_into_range(*spec("guidance"), 0.0)}}, "v") == 1);

  ModelInfo teacher = two_classes();
  teacher.path = "/m.safetensors";
  teacher.live = "/m-live.safetensors";
  GenerateSettings settings;
  settings.classes = {"sword"};
  settings.sampler = "ddpm";
  settings.shared_params = {{"guidance", 6.0}, {"guidance_from", 0.2}, {"seed", std::int64_t{7}}};
  SampleRequest request = make_request(settings, catalog, teacher);
  CHECK(request.model_path == "/m.safetensors");
  draw_with_live_model(request, teacher);
  CHECK(request.model_path == "/m-live.safetensors");
  CHECK(request.settings.sampler == "ddim");
  const ParamMap& values = request.settings.shared_params;
  CHECK(get_int(values, "steps") == 2);
  CHECK(get_real(values, "guidance") == 4);
  CHECK(get_int(values, "seed") == 7);
  CHECK_FALSE(values.contains("guidance_from"));
  CHECK((request.conditions == std::vector<Condition>{{{"sword", 1}}}));
}

TEST_CASE("An input image is kept under its SHA-256, once") {
  const ImageFile file = keep_input_image(four_pixels());
  CHECK(sha256_hex(read_file(file.path)) == file.sha256);
  CHECK(std::filesystem::path(file.path).stem() == file.sha256);
  CHECK(read_image(file.path) == four_pixels());
  const auto written = std::filesystem::last_write_time(file.path) - std::chrono::hours(9);
  std::filesystem::last_write_time(file.path, written);
  const std::string link = file.path + ".link";
  std::filesystem::remove(link);
  std::filesystem::create_hard_link(file.path, link);
  CHECK(keep_input_image(four_pixels()) == file);
  CHECK(std::filesystem::last_write_time(file.path) > written);  // of its last use
  CHECK(std::filesystem::hard_link_count(link) == 2);            // and the file is the same
  std::filesystem::remove(link);
}

TEST_CASE("A negative class goes into a request where guidance makes use of it and the model has it") {
  GenerateSettings settings;
  settings.negative = "sword";
  const ModelInfo model = two_classes();
  Catalog catalog;
  catalog.sampling = sampling_specs();
  CHECK(make_request(settings, catalog, model).settings.negative == Condition{{"sword", 1}});
  settings.shared_params["guidance"] = 1.0;
  CHECK(make_request(settings, catalog, model).settings.negative.empty());
  CHECK_FALSE(why_not_negative(settings, &model).empty());
  settings.shared_params["guidance"] = 3.0;
  settings.negative = "dragon";
  CHECK(make_request(settings, catalog, model).settings.negative.empty());
}

}  // namespace
}  // namespace kiln
