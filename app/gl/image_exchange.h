#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "app/gl/file_drag.h"
#include "app/gl/window_system.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/image.h"

namespace kiln {

struct OfferedType;

// What came of what was asked.
struct ImageCopied {};
struct ImagePasted {
  Image image;
};
struct FileDropped {
  std::filesystem::path file;
};
using ExchangeNews = std::variant<ImageCopied, ImagePasted, FileDropped, Error>;

// Images to and from other programs: the clipboard's, which GLFW knows text of only, and files dragged out of the window. Works on
// X11, on a thread and a connection of its own, so that no other program holds up the window. Every call returns at once.
class ImageExchange {
 public:
  // `system`: what shows this program's window; where that is not X11, every call tells so. `wake` is called from the thread,
  // with no lock held, when there is something new.
  ImageExchange(const WindowSystem& system, std::function<void()> wake);
  ~ImageExchange();  // the clipboard forgets the image, unless the desktop kept it
  ImageExchange(const ImageExchange&) = delete;
  ImageExchange& operator=(const ImageExchange&) = delete;

  // As why_no_images().
  std::optional<Error> why_not(ImageWay way) const { return why_no_images(system_, way); }

  // Puts a PNG on the clipboard → ImageCopied or Error.
  void copy(Bytes png);
  // The same for a PNG file, which is on the clipboard as well.
  void copy_file(std::filesystem::path file);
  // Asks for the clipboard's image → ImagePasted or Error (kNotFound: there is none; kUnsupported; and as decode_image).
  void paste();
  // Drags the file that `write` gives until the left button is let go of → FileDropped, Error, or nothing.
  // The file is asked for on another thread once the pointer is over a window that takes drops.
  void drag(DragFile write);
  void cancel_drag();
  DragPlace drag_place() const { return place_; }

  std::vector<ExchangeNews> take_news();

 private:
  class Worker;
  using Task = std::function<void(Worker&)>;
  void offer(Worker& worker, std::vector<OfferedType> types);
  void take_pasted(const Bytes& bytes);
  void run(ImageWay way, Task task);
  void work();
  static double step(Worker& worker);
  void tell_news(Worker& worker);
  void tell(ExchangeNews news);

  WindowSystem system_;
  std::function<void()> wake_;
  std::atomic<DragPlace> place_ = DragPlace::kNowhere;
  int wakes_ = -1;  // an eventfd

  std::mutex mutex_;
  std::vector<Task> tasks_;  // guarded by mutex_, as all below
  std::vector<ExchangeNews> news_;
  bool ends_ = false;
  std::thread thread_;  // from the first call on; last: it uses all of the above
};

}  // namespace kiln
