#include "engine/gallery/service.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>

#include "engine/base/byte_source.h"
#include "engine/base/file.h"
#include "engine/base/sha256.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/recipe_png.h"
#include "tests/support/temporary_folder.h"

using namespace kiln;
using kiln::test::TemporaryFolder;

namespace {

// Waits for what the service's thread has to tell.
class Window {
 public:
  void wake() {
    std::lock_guard lock(mutex_);
    ++wakes_;
    woken_.notify_one();
  }
  template <class Holds>
  void until(Holds holds) {
    for (int seen = 0; !holds();) {
      std::unique_lock lock(mutex_);
      REQUIRE(woken_.wait_for(lock, std::chrono::minutes(2), [&] { return wakes_ > seen; }));
      seen = wakes_;
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable woken_;
  int wakes_ = 0;
};

SpriteRecipe recipe(const std::string& model_hash) {
  SpriteRecipe r;
  r.model_name = "dawn";
  r.model_hash = model_hash;
  r.condition = {{"potion", 1}};
  r.settings.shared_params = defaults_of(sampling_specs());
  r.steps_done = 25;
  return r;
}

}  // namespace

TEST_CASE("the gallery's thread keeps, removes and brings back, and shows what is there after each") {
  TemporaryFolder folder;
  Window window;
  GalleryService service(folder / "gallery", [&] { window.wake(); });
  std::shared_ptr<const GallerySnapshot> shown;
  const auto shows = [&](std::size_t count) {
    window.until([&] {
      if (auto snapshot = service.take_snapshot()) shown = std::move(snapshot);
      return shown && shown->items.size() == count;
    });
  };
  service.look();
  shows(0);
  CHECK_FALSE(shown->is_there);
  service.keep(Image(16, 16), recipe(std::string(64, 'a')));
  shows(1);
  CHECK(shown->is_there);
  CHECK(shown->items[0].file == "potion-0001.png");
  service.star({"potion-0001.png"}, true);
  window.until([&] {
    if (auto snapshot = service.take_snapshot()) shown = std::move(snapshot);
    return shown->items[0].starred;
  });
  service.remove({"potion-0001.png"});
  shows(0);
  CHECK(shown->can_undo);
  service.undo();
  shows(1);
  CHECK(shown->items[0].starred);

  // Another program adds one, while the tab is open.
  service.watch(true);
  write_png(folder / "gallery/other.png", Image(4, 4));
  shows(2);

  TemporaryFolder another;
  service.open(another.path());
  shows(0);
  CHECK(shown->folder == another.path().string());
}

TEST_CASE("settings are found in a picture, and its model by its content; what is wrong is told") {
  TemporaryFolder folder;
  Window window;
  write_file(folder / "m.safetensors", std::string_view("the model"));
  const std::string model = (folder / "m.safetensors").string();
  const std::string hash = sha256_hex(*open_source(model));
  write_file(folder / "found.png", encode_png(Image(16, 16), {{recipe(hash)}, 1, 0, 1}));
  write_file(folder / "strange.png", encode_png(Image(16, 16), {{recipe(std::string(64, 'b'))}, 1, 0, 1}));
  write_png(folder / "plain.png", Image(16, 16));
  GalleryService service(folder / "gallery", [&] { window.wake(); });
  const auto news_of = [&](const std::string& name) {
    service.find_settings((folder / name).string(), {model});
    std::vector<GalleryNews> news;
    window.until([&] {
      news = service.take_news();
      return !news.empty();
    });
    return news.front();
  };
  const auto found = news_of("found.png");
  REQUIRE(std::holds_alternative<SettingsFound>(found));
  CHECK(std::get<SettingsFound>(found).model == model);
  CHECK(std::get<SettingsFound>(found).picture.sprites.size() == 1);
  CHECK(std::get<SettingsFound>(found).init_image.empty());
  CHECK(std::get<SettingsFound>(found).why_no_init_image.empty());
  CHECK(std::holds_alternative<NoRecipe>(news_of("plain.png")));
  const auto strange = news_of("strange.png");
  REQUIRE(std::holds_alternative<GalleryProblem>(strange));
  CHECK(std::get<GalleryProblem>(strange).error.code == ErrorCode::kNotFound);
  CHECK(std::holds_alternative<GalleryProblem>(news_of("nothing.png")));
}

TEST_CASE("the image that sprites started from is found as it was, or it is said why not") {
  TemporaryFolder folder;
  Window window;
  write_file(folder / "m.safetensors", std::string_view("the model"));
  const std::string model = (folder / "m.safetensors").string();
  Image start(16, 16);
  start.pixel(3, 4)[3] = 255;
  write_png(folder / "start.png", start);
  SpriteRecipe from = recipe(sha256_hex(*open_source(model)));
  from.settings.init_image = {(folder / "start.png").string(), sha256_hex(read_file(folder / "start.png", 1 << 20))};
  from.settings.init_params = defaults_of(init_image_specs());
  write_file(folder / "made.png", encode_png(Image(16, 16), {{from}, 1, 0, 1}));
  GalleryService service(folder / "gallery", [&] { window.wake(); });
  const auto found = [&] {
    service.find_settings((folder / "made.png").string(), {model});
    std::vector<GalleryNews> news;
    window.until([&] {
      news = service.take_news();
      return !news.empty();
    });
    REQUIRE(std::holds_alternative<SettingsFound>(news.front()));
    return std::get<SettingsFound>(news.front());
  };
  CHECK((found().init_image == start));
  start.pixel(3, 4)[0] = 9;
  write_png(folder / "start.png", start);
  CHECK(found().init_image.empty());
  CHECK(found().why_no_init_image == "has changed since");
  std::filesystem::remove(folder / "start.png");
  CHECK(found().why_no_init_image == "is gone");
  write_file(folder / "start.png", std::string_view("no image"));
  CHECK(found().why_no_init_image == "has changed since");
}
