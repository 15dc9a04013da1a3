#include "engine/gallery/service.h"

#include <chrono>
#include <system_error>
#include <utility>

#include "engine/base/log.h"
#include "engine/base/paths.h"
#include "engine/base/sha256.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/find_model.h"
#include "engine/gallery/recipe_png.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr auto kBetweenLooks = std::chrono::seconds(2);

// When the folder was changed last; no time at all if that was a moment ago, since the next change may bear the same time.
fs::file_time_type settled_time(const fs::path& folder) {
  std::error_code error;
  const auto time = fs::last_write_time(folder, error);
  return error || fs::file_time_type::clock::now() - time > std::chrono::seconds(1) ? time : fs::file_time_type();
}

void read_init_image(SettingsFound& found) {
  const ImageFile& file = found.picture.sprites.front().settings.init_image;
  if (file.path.empty()) return;
  try {
    const Bytes bytes = read_image_bytes(file.path);
    if (file.sha256.empty() || sha256_hex(bytes) == file.sha256)
      found.init_image = decode_image(bytes, fs::path(file.path).filename().string());
    else
      found.why_no_init_image = "has changed since";
  } catch (const Failure& failure) {
    found.why_no_init_image = failure.error().code == ErrorCode::kNotFound ? "is gone" : "cannot be read";
  }
}

}  // namespace

GalleryService::GalleryService(fs::path folder, std::function<void()> wake)
    : wake_(std::move(wake)), gallery_(std::make_unique<Gallery>(std::move(folder))), thread_([this] { work(); }) {}

GalleryService::~GalleryService() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void GalleryService::run(Task task) {
  {
    std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void GalleryService::open(fs::path folder) {
  run([this, folder = std::move(folder)](Gallery&) {
    gallery_ = std::make_unique<Gallery>(folder);
    gallery_->refresh();
    return true;
  });
}

void GalleryService::look() {
  run([this](Gallery& gallery) { return gallery.refresh() || last_version_ == 0; });
}

void GalleryService::watch(bool on) {
  {
    std::lock_guard lock(mutex_);
    if (watched_ == on) return;
    watched_ = on;
  }
  if (on) look();
}

void GalleryService::keep(Image image, SpriteRecipe recipe) {
  run([image = std::move(image), recipe = std::move(recipe)](Gallery& gallery) {
    gallery.keep(image, {{recipe}, 1, 0, 1});
    gallery.refresh();
    return true;
  });
}

void GalleryService::remove(std::vector<std::string> files) {
  run([this, files = std::move(files)](Gallery& gallery) {
    gallery.remove(files);
    gallery.refresh();
    tell(SpritesRemoved{files.size()});
    return true;
  });
}

void GalleryService::undo() {
  run([](Gallery& gallery) {
    gallery.undo();
    gallery.refresh();
    return true;
  });
}

void GalleryService::star(std::vector<std::string> files, bool on) {
  run([files = std::move(files), on](Gallery& gallery) {
    gallery.star(files, on);
    return true;
  });
}

void GalleryService::collect(std::vector<std::string> files, std::string collection, bool in) {
  run([files = std::move(files), collection = std::move(collection), in](Gallery& gallery) {
    gallery.collect(files, collection, in);
    return true;
  });
}

void GalleryService::find_settings(std::string path, std::vector<std::string> models) {
  run([this, path = std::move(path), models = std::move(models)](Gallery&) {
    auto picture = read_recipe(path);
    if (!picture) {
      tell(NoRecipe{path});
      return false;
    }
    std::vector<std::string> candidates = models;
    for (std::string& model : models_in({home_folder() / "models", share_folder() / "models"}))
      candidates.push_back(std::move(model));
    std::string model = find_model(picture->sprites.front(), candidates);
    SettingsFound found{std::move(*picture), std::move(model), fs::path(path).filename().string()};
    read_init_image(found);
    tell(std::move(found));
    return false;
  });
}

std::shared_ptr<const GallerySnapshot> GalleryService::take_snapshot() {
  std::lock_guard lock(mutex_);
  return std::exchange(snapshot_, nullptr);
}

std::vector<GalleryNews> GalleryService::take_news() {
  std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void GalleryService::tell(GalleryNews news) {
  std::lock_guard lock(mutex_);
  news_.push_back(std::move(news));
}

void GalleryService::publish() {
  auto snapshot = std::make_shared<GallerySnapshot>();
  std::error_code ignored;
  snapshot->folder = gallery_->folder().string();
  snapshot->is_there = fs::is_directory(gallery_->folder(), ignored);
  snapshot->items = gallery_->items();
  snapshot->collections = gallery_->collections();
  snapshot->can_undo = gallery_->can_undo();
  snapshot->version = ++last_version_;
  std::lock_guard lock(mutex_);
  snapshot_ = std::move(snapshot);
}

void GalleryService::do_task(const Task& task) {
  looked_ = settled_time(gallery_->folder());
  bool changed = true;
  try {
    changed = task(*gallery_);
  } catch (const Failure& failure) {
    log_warn(failure.error().message + ": " + failure.error().detail);
    tell(GalleryProblem{failure.error()});
  } catch (const std::exception& e) {
    tell(GalleryProblem{{ErrorCode::kInternal, "something went wrong in the gallery", "the log has the details", e.what()}});
    log_warn(e.what());
  }
  if (changed) publish();
}

void GalleryService::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto has_work = [this] { return !tasks_.empty() || ends_; };
    if (watched_)
      changed_.wait_for(lock, kBetweenLooks, has_work);
    else
      changed_.wait(lock, has_work);
    if (tasks_.empty() && ends_) return;
    std::vector<Task> tasks = std::exchange(tasks_, {});
    lock.unlock();
    std::error_code ignored;
    if (tasks.empty() && fs::last_write_time(gallery_->folder(), ignored) != looked_)
      tasks.emplace_back([](Gallery& gallery) { return gallery.refresh(); });
    for (const Task& task : tasks) {
      do_task(task);
      wake_();
    }
    lock.lock();
  }
}

}  // namespace kiln
