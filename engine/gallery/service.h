#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "engine/base/error.h"
#include "engine/gallery/gallery.h"

namespace kiln {

// A gallery as it was at one moment.
struct GallerySnapshot {
  std::string folder;
  bool is_there = false;  // the folder
  std::vector<GalleryItem> items;
  std::vector<std::string> collections;
  bool can_undo = false;
  std::uint64_t version = 0;  // another number for each snapshot
};

// What came of what was asked.
struct SettingsFound {
  PictureRecipe picture;
  std::string model;  // path
  std::string file;   // that it is of
  // The init image of its first sprite, as its file has it. Empty: there is none, or it is not there as it was, which is why.
  Image init_image = {};
  std::string why_no_init_image = {};  // "is gone", "has changed since", "cannot be read"
};
struct NoRecipe {
  std::string path;
};
struct SpritesRemoved {
  std::size_t count = 0;
};
struct GalleryProblem {
  Error error;
};
using GalleryNews = std::variant<SettingsFound, NoRecipe, SpritesRemoved, GalleryProblem>;

// A gallery on a thread of its own, so that no disk holds up the window. Every call returns at once; what is asked is done in
// order.
class GalleryService {
 public:
  // `wake` is called from the thread, with no lock held, when a take_… has something new.
  GalleryService(std::filesystem::path folder, std::function<void()> wake);
  ~GalleryService();  // what was asked is done

  void open(std::filesystem::path folder);
  // Looks at the folder again.
  void look();
  // While it is on, the folder is looked at when something comes or goes in it.
  void watch(bool on);

  void keep(Image image, SpriteRecipe recipe);
  void remove(std::vector<std::string> files);
  void undo();
  void star(std::vector<std::string> files, bool on);
  void collect(std::vector<std::string> files, std::string collection, bool in);
  // The recipe of a picture, its init image, and its model among `models` and those in the models' folders → SettingsFound,
  // NoRecipe or GalleryProblem.
  void find_settings(std::string path, std::vector<std::string> models);

  // Null if it is the one that was taken last.
  std::shared_ptr<const GallerySnapshot> take_snapshot();
  std::vector<GalleryNews> take_news();

 private:
  using Task = std::function<bool(Gallery&)>;  // whether the gallery may look different after it
  void run(Task task);
  void work();
  void do_task(const Task& task);
  void publish();
  void tell(GalleryNews news);

  std::function<void()> wake_;
  std::unique_ptr<Gallery> gallery_;        // the thread's
  std::uint64_t last_version_ = 0;          // the thread's
  std::filesystem::file_time_type looked_;  // the thread's: when the folder had changed

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Task> tasks_;  // guarded by mutex_, as all below
  std::shared_ptr<const GallerySnapshot> snapshot_;
  std::vector<GalleryNews> news_;
  bool watched_ = false;
  bool ends_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace kiln
