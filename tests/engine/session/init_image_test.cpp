// Requests that start from an image, wholly or within a mask, and that are led away from a class.

#include "tests/engine/session/support.h"
#include "tests/support/text.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "engine/base/file.h"
#include "engine/base/rect.h"
#include "engine/base/sha256.h"
#include "engine/gallery/recipe_batch.h"
#include "engine/pixelart/crop.h"
#include "engine/pixelart/fit.h"
#include "engine/pixelart/scale.h"
#include "tests/support/errors.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// A drawing with all that a finish would change: colours of no palette, alpha in between, colour where it is transparent, a stray
// pixel.
Image drawing(int width = 16, int height = 16) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint8_t colour[] = {static_cast<std::uint8_t>(x * 15), static_cast<std::uint8_t>(y * 13), 77,
                                     static_cast<std::uint8_t>(x < 2    ? 0
                                                               : y < 3  ? 90
                                                               : y > 13 ? 0
                                                                        : 255)};
      std::copy_n(colour, 4, image.pixel(x, y));
    }
  }
  if (height > 15) image.pixel(0, 15)[3] = 255;
  return image;
}

Image opaque(int width, int height) {
  Image image = drawing(width, height);
  for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 255;
  return image;
}

// A square of 6×6 is made anew.
bool in_square(int x, int y) { return x >= 5 && x < 11 && y >= 6 && y < 12; }

Image square(bool by_alpha, int side = 16) {
  Image mask(side, side);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      auto* pixel = mask.pixel(x, y);
      if (by_alpha)
        pixel[3] = in_square(x, y) ? 1 : 0;
      else
        pixel[1] = in_square(x, y) ? 1 : 0, pixel[3] = 255;
    }
  }
  return mask;
}

struct Place {
  TemporaryFolder folder;
  Listener engine;
  std::uint64_t jobs = 0;

  std::string image(const std::string& name, const Image& content) {
    write_png(folder / name, content);
    return folder / name;
  }

  SampleRequest request(const std::string& model, int count = 2) {
    SampleRequest made = request_for(model, count);
    made.settings.init_image.path = image("init.png", drawing());
    return made;
  }

  std::vector<Sprite> sample(const SampleRequest& request) {
    const JobId job{++jobs};
    engine.send(StartSampling{job, request});
    REQUIRE(engine.wait_for_end(job));
    INFO(engine.ended(job)->error.message, " ", engine.ended(job)->error.detail);
    REQUIRE(engine.ended(job)->outcome == Outcome::kDone);
    return engine.find<SpritesReady>(job)->sprites;
  }

  Error refusal(const SampleRequest& request) {
    const JobId job{++jobs};
    engine.send(StartSampling{job, request});
    REQUIRE(engine.wait_for_end(job));
    CHECK(engine.ended(job)->outcome == Outcome::kFailed);
    return engine.ended(job)->error;
  }
};

bool same_outside_of_square(const Image& a, const Image& b) {
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x)
      if (!in_square(x, y) && !std::equal(a.pixel(x, y), a.pixel(x, y) + 4, b.pixel(x, y))) return false;
  }
  return true;
}

bool same_in_square(const Image& a, const Image& b) {
  for (int y = 6; y < 12; ++y) {
    if (!std::equal(a.pixel(5, y), a.pixel(10, y) + 4, b.pixel(5, y))) return false;
  }
  return true;
}

double distance(const std::vector<Sprite>& sprites, const Image& image) {
  double sum = 0;
  for (const Sprite& sprite : sprites) {
    for (std::size_t i = 0; i < image.rgba.size(); ++i) sum += std::abs(int{sprite.image.rgba[i]} - int{image.rgba[i]});
  }
  return sum / static_cast<double>(sprites.size() * image.rgba.size());
}

std::string make_model_with_palette(const TemporaryFolder& folder) {
  Model model = load_model(make_model_file(folder, 16, 4, true));
  model.facts.palette = {"three", {{20, 12, 28}, {208, 70, 72}, {222, 238, 214}}};
  save_model(model, folder / "three.safetensors", WeightType::kFloat32);
  return folder / "three.safetensors";
}

}  // namespace

TEST_CASE("strength 1 is no init image, to the byte; less stays nearer to it") {
  Place place;
  const std::string model = make_model_file(place.folder);
  SampleRequest request = place.request(model, 8);
  const auto plain = place.sample(request_for(model, 8));
  request.settings.init_params = {{"strength", 1.0}};
  const auto whole = place.sample(request);
  for (std::size_t i = 0; i < plain.size(); ++i) CHECK(whole[i].image == plain[i].image);
  double before = 0;
  for (const double strength : {0.001, 0.4, 0.7, 0.95}) {
    request.settings.init_params = {{"strength", strength}};
    const auto sprites = place.sample(request);
    const double now = distance(sprites, drawing());
    CHECK(now > before);
    before = now;
    CHECK(sprites[0].recipe.steps_done == std::max(1, static_cast<int>(std::lround(6 * strength))));
    CHECK(sprites[0].recipe.steps_total == 0);
    CHECK(is_repeatable(sprites[0].recipe));
  }
}

TEST_CASE("outside of a mask every byte of sprites and previews is the image's, whatever finishes them") {
  Place place;
  for (const std::string& model :
       {make_model_with_palette(place.folder), make_model_file(place.folder), make_model_file(place.folder, 16, 3)}) {
    for (const char* sampler : {"ddim", "ddpm", "dpmpp_2m", "dpmpp_2m_sde"}) {
      for (const char* palette : {"model", "off", "auto:3", "#000000,#ff00ff"}) {
        for (const bool by_alpha : {false, true}) {
          CAPTURE(model);
          CAPTURE(std::string(sampler));
          CAPTURE(std::string(palette));
          SampleRequest request = place.request(model);
          request.settings.sampler = sampler;
          request.settings.shared_params["palette"] = std::string(palette);
          request.settings.mask.path = place.image("mask.png", square(by_alpha));
          request.settings.init_params = {{"strength", by_alpha ? 1.0 : 0.6}, {"resample", by_alpha ? 1 : 2}};
          request.record_previews = true;
          place.engine.events.clear();
          const auto sprites = place.sample(request);
          for (const Sprite& sprite : sprites) CHECK(same_outside_of_square(sprite.image, drawing()));
          CHECK_FALSE(same_in_square(sprites[0].image, drawing()));
          CHECK_FALSE(sprites[0].image == sprites[1].image);
          for (const auto& event : place.engine.events) {
            if (const auto* preview = std::get_if<PreviewRecorded>(&event))
              CHECK(same_outside_of_square(preview->frame.sprite(1), drawing()));
          }
        }
      }
    }
  }
}

TEST_CASE("an init image of another size is reduced or padded") {
  Place place;
  const std::string model = make_model_file(place.folder);
  const auto from = [&](const Image& image) {
    SampleRequest request = place.request(model);
    request.settings.init_image.path = place.image("other.png", image);
    request.settings.init_params = {{"strength", 0.3}};
    return place.sample(request)[1].image;
  };
  const Image small = drawing(7, 5), padded = padded_to(small, 16, 16);
  CHECK(from(upscaled(drawing(), 5)) == from(drawing()));
  CHECK(from(small) == from(padded));
  CHECK(from(upscaled(small, 4)) == from(padded));
  CHECK(from(upscaled(upscaled(drawing(8, 8), 2), 3)) == from(upscaled(drawing(8, 8), 2)));  // to the sprites' size, not below
}

TEST_CASE("a larger init image is reduced, which is told, and comes to the same as its reduced picture") {
  Place place;
  const std::string model = make_model_file(place.folder);
  const auto from = [&](const Image& image) {
    SampleRequest request = place.request(model);
    request.settings.init_image.path = place.image("large.png", image);
    request.settings.init_params = {{"strength", 0.3}};
    return place.sample(request)[1].image;
  };
  for (const Image& large : {opaque(24, 20), opaque(20, 24), opaque(64, 64), upscaled(opaque(24, 20), 2), drawing(40, 24)}) {
    CAPTURE(large.width);
    const SpriteFit fit = fit_to_sprite(large, 16, 16);
    CHECK(fit.reduces());
    const Image sprite = from(large);
    const auto* told = place.engine.find<InitImageFitted>({place.jobs});
    REQUIRE(told != nullptr);
    CHECK(told->message == "“large.png”: " + fit_text(fit));
    CHECK(sprite == from(fitted(large, fit)));
    CHECK(place.engine.find<InitImageFitted>({place.jobs}) == nullptr);
  }
}

TEST_CASE("a mask of a larger init image's own size is reduced with it") {
  Place place;
  const std::string model = make_model_file(place.folder);
  const Image large = opaque(24, 20);
  const SpriteFit fit = fit_to_sprite(large, 16, 16);
  Image mask(24, 20);
  std::vector<bool> marks(24 * 20, false);
  for (int y = 6; y < 12; ++y) {
    for (int x = 3; x < 10; ++x) mask.pixel(x, y)[3] = 255, marks[static_cast<std::size_t>(y * 24 + x)] = true;
  }
  const std::vector<bool> anew = fitted_marks(marks, fit);
  const Image start = fitted(large, fit);
  SampleRequest request = place.request(model);
  request.settings.init_image.path = place.image("large.png", large);
  request.settings.mask.path = place.image("mask.png", mask);
  const Image made = place.sample(request)[0].image;
  std::size_t others = 0;
  for (std::size_t i = 0; i < anew.size(); ++i) {
    const bool same = std::equal(&made.rgba[4 * i], &made.rgba[4 * i] + 4, &start.rgba[4 * i]);
    if (!anew[i]) CHECK(same);
    others += !same;
  }
  CHECK(others > 0);

  Image margin(24, 20), framed(24, 20);  // nothing is drawn where the mask is
  margin.pixel(0, 0)[3] = 255;
  paste(framed, opaque(20, 10), 4, 4);
  request.settings.init_image.path = place.image("framed.png", framed);
  request.settings.mask.path = place.image("margin.png", margin);
  CHECK(mentions(place.refusal(request).message, "margin.png"));
}

TEST_CASE("images and masks that cannot be used are refused by name, with sizes and a hint") {
  Place place;
  const std::string model = make_model_file(place.folder);
  const SampleRequest plain = place.request(model);
  SampleRequest request = plain;
  request.settings.init_image.path = place.folder / "none.png";
  CHECK(place.refusal(request).code == ErrorCode::kNotFound);
  request.settings.init_image.path = model;
  CHECK(mentions(place.refusal(request).message, "tiny164.safetensors"));

  request = plain;
  request.settings.mask.path = place.image("mask.png", square(true, 20));
  Error error = place.refusal(request);
  CHECK(error.code == ErrorCode::kInvalidArgument);
  for (const char* part : {"mask.png", "20×20", "16×16"}) CHECK(mentions(error.message, part));
  CHECK_FALSE(mentions(error.hint, "init image"));
  request.settings.init_image.path = place.image("odd.png", drawing(40, 24));
  CHECK(mentions(place.refusal(request).hint, "40×24"));
  request.settings.init_image = plain.settings.init_image;
  for (const bool transparent : {false, true}) {
    Image empty(16, 16);
    if (!transparent) {
      for (std::size_t i = 3; i < empty.rgba.size(); i += 4) empty.rgba[i] = 255;
    }
    request.settings.mask.path = place.image("empty.png", empty);
    error = place.refusal(request);
    CHECK(error.code == ErrorCode::kInvalidArgument);
    CHECK(mentions(error.message, "empty.png"));
    CHECK(mentions(error.hint, transparent ? "not transparent" : "not black"));
  }
  request.settings.mask.path = place.image("mask.png", square(true));
  request.settings.init_image.path.clear();
  error = place.refusal(request);
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(mentions(error.message, "no init image"));
  CHECK(mentions(error.hint, "--init-image"));
}

TEST_CASE("parameters that an init image does not have, or that would do nothing, are refused") {
  Place place;
  const std::string model = make_model_file(place.folder);
  const auto refusal = [&](const ParamMap& params, bool with_image) {
    SampleRequest request = place.request(model);
    if (!with_image) request.settings.init_image.path.clear();
    request.settings.init_params = params;
    const Error error = place.refusal(request);
    CHECK(error.code == ErrorCode::kInvalidArgument);
    CHECK_FALSE(error.hint.empty());
    return error.message;
  };
  CHECK(mentions(refusal({{"strength", 0.5}}, false), "Strength"));
  CHECK(mentions(refusal({{"strength", 0.0}}, true), "strength"));
  CHECK(mentions(refusal({{"strength", 1.5}}, true), "strength"));
  CHECK(mentions(refusal({{"resample", 2}}, true), "no mask"));
  CHECK(mentions(refusal({{"resample", 11}}, true), "resample"));
  CHECK(mentions(refusal({{"strenght", 0.5}}, true), "strenght"));
}

TEST_CASE("a sprite's recipe names image and mask by what they held, and makes it again") {
  Place place;
  const std::string model = make_model_file(place.folder);
  SampleRequest request = place.request(model, 4);
  request.settings.mask.path = place.image("mask.png", square(true));
  request.settings.init_params = {{"resample", 2}};
  request.settings.negative = {{"axe", 0.5}, {"sword", 0.25}};
  request.settings.shared_params["threads"] = 1;
  const auto sprites = place.sample(request);
  const SampleSettings& recipe = sprites[2].recipe.settings;
  CHECK(
      (recipe.init_image == ImageFile{request.settings.init_image.path, sha256_hex(read_file(request.settings.init_image.path))}));
  CHECK((recipe.mask == ImageFile{request.settings.mask.path, sha256_hex(read_file(request.settings.mask.path))}));
  CHECK((recipe.negative == request.settings.negative));
  CHECK(get_real(recipe.init_params, "strength") == 0.75);
  CHECK(get_int(recipe.init_params, "resample") == 2);

  request.conditions = {sprites[2].recipe.condition};
  request.settings = recipe;
  CHECK(place.sample(request)[0].image == sprites[2].image);
  place.image("init.png", drawing(9, 9));
  const Error error = place.refusal(request);
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(mentions(error.message, "init.png"));
  CHECK(mentions(error.message, "SHA-256"));
  request.settings.init_image.sha256.clear();
  CHECK_FALSE(place.sample(request)[0].image == sprites[2].image);
}

TEST_CASE("a plain sprite's recipe says nothing of images") {
  Place place;
  const auto sprites = place.sample(request_for(make_model_file(place.folder), 1));
  const SampleSettings& recipe = sprites[0].recipe.settings;
  CHECK((recipe.init_image == ImageFile{}));
  CHECK((recipe.mask == ImageFile{}));
  CHECK(recipe.init_params.empty());
  CHECK(recipe.negative.empty());
}

TEST_CASE("a negative class changes sprites, a null one does not") {
  Place place;
  const std::string model = make_model_file(place.folder);
  SampleRequest request = request_for(model, 2);
  const auto sampled = [&](const Condition& negative) {
    request.settings.negative = negative;
    return place.sample(request)[1].image;
  };
  const Image plain = sampled({});
  CHECK(sampled({{"axe", 0.0}}) == plain);
  CHECK_FALSE(sampled({{"axe", 1.0}}) == plain);
  CHECK_FALSE(sampled({{"axe", 1.0}}) == sampled({{"sword", 1.0}}));

  request.settings.negative = {{"swrod", 1.0}};
  Error error = place.refusal(request);
  CHECK(error.code == ErrorCode::kNotFound);
  CHECK(mentions(error.hint, "sword"));
  request.settings.negative = {{"sword", -1.0}};
  CHECK(place.refusal(request).code == ErrorCode::kInvalidArgument);
  request.settings.negative = {{"sword", 1.0}};
  request.settings.shared_params["guidance"] = 1.0;
  error = place.refusal(request);
  CHECK(error.code == ErrorCode::kInvalidArgument);
  CHECK(mentions(error.message, "guidance 1"));
}

TEST_CASE("a sprite from an image, within a mask and away from a class does not depend on its batch") {
  Place place;
  const std::string model = make_model_file(place.folder);
  for (const char* sampler : {"ddim", "ddpm", "dpmpp_2m", "dpmpp_2m_sde"}) {
    CAPTURE(std::string(sampler));
    SampleRequest request = place.request(model, 16);
    request.settings.sampler = sampler;
    request.settings.mask.path = place.image("mask.png", square(true));
    request.settings.init_params = {{"resample", 2}};
    request.settings.negative = {{"axe", 1.0}};
    request.settings.shared_params["threads"] = 2;
    const auto many = place.sample(request);
    request.settings.shared_params["count"] = 3;
    request.settings.shared_params["threads"] = 1;
    const auto few = place.sample(request);
    for (std::size_t i = 0; i < few.size(); ++i) CHECK(few[i].image == many[i].image);
  }
}
