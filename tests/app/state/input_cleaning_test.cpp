#include "app/state/input_cleaning.h"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>

#include "app/state/last_batch.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/gallery/gallery.h"
#include "tests/support/temporary_folder.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

const fs::file_time_type kNow = fs::file_time_type::clock::now();

std::string hash(char digit) { return std::string(60, digit) + "0a1f"; }

void put(const fs::path& file, int days_ago) {
  write_file(file, Bytes{1, 2, 3});
  fs::last_write_time(file, kNow - std::chrono::hours(24 * days_ago));
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename().string());
  return names;
}

Sprite sprite_from(const std::string& init, const std::string& mask) {
  Sprite sprite{Image(2, 2), {}};
  sprite.recipe.model_name = "small";
  sprite.recipe.model_hash = std::string(64, 'a');
  sprite.recipe.condition = {{"potion", 1}};
  sprite.recipe.steps_done = 25;
  sprite.recipe.settings.sampler_params = {{"eta", 0.0}};
  sprite.recipe.settings.shared_params = defaults_of(sampling_specs());
  sprite.recipe.settings.init_params = defaults_of(init_image_specs());
  sprite.recipe.settings.init_image = {"/inputs/" + init + ".png", init};
  if (!mask.empty()) sprite.recipe.settings.mask = {"/inputs/" + mask + ".png", mask};
  return sprite;
}

GeneratedBatch batch_of(const Sprite& sprite) {
  GeneratedBatch batch;
  batch.width = batch.height = 2;
  batch.rgba = sprite.image.rgba;
  batch.sprites = {sprite};
  batch.origins = {{"/models/small.safetensors", nullptr, 0, 5, 5}};
  return batch;
}

std::size_t clean(const fs::path& home) { return clean_input_images(home, home / "gallery", kNow - std::chrono::hours(24 * 30)); }

TEST_CASE("Old images that nothing refers to are removed, and no other file") {
  const test::TemporaryFolder home;
  const fs::path inputs = home.path() / "inputs";
  for (const char digit : {'1', '2', '3', '4', '5'}) put(inputs / (hash(digit) + ".png"), 40);
  put(inputs / (hash('6') + ".png"), 29);
  const std::set<std::string> others = {"notes.png", hash('7') + ".txt", hash('7') + "0.png", "g" + hash('7').substr(1) + ".png"};
  for (const std::string& name : others) put(inputs / name, 400);
  put(home.path() / (hash('8') + ".png"), 400);
  write_file(home.path() / "last-batch.cbor", last_batch_bytes(batch_of(sprite_from(hash('2'), hash('3')))));
  Gallery gallery(home.path() / "gallery");
  for (const char digit : {'4', '5'}) {
    const Sprite sprite = sprite_from(hash(digit), "");
    gallery.keep(sprite.image, {{sprite.recipe}, 1, 0, 1});
  }
  gallery.refresh();
  gallery.remove({gallery.items().back().file});  // what lies in the bin can come back
  CHECK(clean(home.path()) == 1);
  std::set<std::string> left = others;
  for (const char digit : {'2', '3', '4', '5', '6'}) left.insert(hash(digit) + ".png");
  CHECK(names_in(inputs) == left);
  CHECK(fs::exists(home.path() / (hash('8') + ".png")));
  CHECK(clean(home.path()) == 0);
}

TEST_CASE("Nothing is removed where it cannot be known what refers to it") {
  const test::TemporaryFolder home;
  const fs::path file = home.path() / "inputs" / (hash('1') + ".png");
  put(file, 40);
  fs::create_directories(home.path() / "last-batch.cbor");  // no file that can be read
  CHECK_THROWS_AS(clean(home.path()), Failure);
  CHECK(fs::exists(file));
  fs::remove(home.path() / "last-batch.cbor");
  clean_old_input_images(home.path(), home.path() / "on a disk that is not there");
  CHECK(fs::exists(file));
  clean_old_input_images(home.path(), home.path() / "gallery");
  CHECK_FALSE(fs::exists(file));
}

}  // namespace
}  // namespace kiln
