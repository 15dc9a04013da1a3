#include "app/gl/image_exchange.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "app/gl/file_uri.h"
#include "app/gl/x11_drag.h"
#include "app/gl/x11_image_request.h"
#include "engine/formats/image_file.h"

namespace kiln {
namespace {

constexpr const char* kPng = "image/png";

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

Error no_connection() {
  return {ErrorCode::kUnsupported, "the X server lets this program have no more connections",
          "close other programs; export the sprite, or drop files on the window", ""};
}

}  // namespace

// What the thread has.
class ImageExchange::Worker {
 public:
  explicit Worker(unsigned long window) : drag(x11, static_cast<xcb_window_t>(window)) {}

  X11Connection x11;
  X11Offer clipboard{x11, "CLIPBOARD"};
  X11ImageRequest request{x11};
  X11Drag drag;
};

ImageExchange::ImageExchange(const WindowSystem& system, std::function<void()> wake)
    : system_(system), wake_(std::move(wake)), wakes_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

ImageExchange::~ImageExchange() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  ::eventfd_write(wakes_, 1);
  if (thread_.joinable()) thread_.join();
  ::close(wakes_);
}

void ImageExchange::run(ImageWay way, Task task) {
  if (auto problem = why_not(way)) return tell(std::move(*problem));
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  }
  ::eventfd_write(wakes_, 1);
}

void ImageExchange::offer(Worker& worker, std::vector<OfferedType> types) {
  if (worker.clipboard.begin(std::move(types)))
    tell(ImageCopied{});
  else
    tell(Error{ErrorCode::kUnsupported, "another program keeps the clipboard to itself", "copy once more", ""});
}

void ImageExchange::copy(Bytes png) {
  run(ImageWay::kCopy, [this, png = std::move(png)](Worker& worker) { offer(worker, {{kPng, png}}); });
}

void ImageExchange::copy_file(std::filesystem::path file) {
  run(ImageWay::kCopy, [this, file = std::move(file)](Worker& worker) {
    try {
      const std::string uri = file_uri(file) + "\r\n";
      offer(worker, {{kPng, read_image_bytes(file)}, {"text/uri-list", Bytes(uri.begin(), uri.end())}});
    } catch (const Failure& failure) {
      tell(failure.error());
    }
  });
}

void ImageExchange::take_pasted(const Bytes& bytes) {
  try {
    tell(ImagePasted{decode_image(bytes, "clipboard")});
  } catch (const Failure& failure) {
    tell(failure.error());
  }
}

void ImageExchange::paste() {
  run(ImageWay::kPaste, [this](Worker& worker) {
    if (const Bytes* own = worker.clipboard.bytes(kPng))
      take_pasted(*own);
    else
      worker.request.begin(now_s());
  });
}

void ImageExchange::drag(DragFile write) {
  run(ImageWay::kDrag, [write = std::move(write)](Worker& worker) { worker.drag.begin(write); });
}

void ImageExchange::cancel_drag() {
  if (!why_not(ImageWay::kDrag)) run(ImageWay::kDrag, [](Worker& worker) { worker.drag.cancel(); });
}

std::vector<ExchangeNews> ImageExchange::take_news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

void ImageExchange::tell(ExchangeNews news) {
  {
    const std::lock_guard lock(mutex_);
    news_.push_back(std::move(news));
  }
  wake_();
}

// Takes all that came; when to do so again, or below 0.
double ImageExchange::step(Worker& worker) {
  double due_s = -1;
  const auto by = [&](double due) {
    if (due >= 0) due_s = due_s < 0 ? due : std::min(due_s, due);
  };
  do {
    while (const X11Event event = worker.x11.next_event()) {
      const double now = now_s();
      worker.clipboard.take(*event, now);
      worker.request.take(*event, now);
      worker.drag.take(*event, now);
    }
    const double now = now_s();
    due_s = -1;
    by(worker.clipboard.tick(now));
    by(worker.request.tick(now));
    by(worker.drag.tick(now));
    worker.x11.flush();
  } while (worker.x11.has_read_ahead());  // events that came with an answer: nothing would wake for them
  return due_s;
}

void ImageExchange::tell_news(Worker& worker) {
  if (auto result = worker.request.take_result()) {
    if (*result)
      take_pasted(result->value());
    else
      tell(result->error());
  }
  if (auto problem = worker.drag.take_problem()) tell(std::move(*problem));
  if (auto file = worker.drag.take_dropped()) tell(FileDropped{std::move(*file)});
  const DragPlace place = worker.drag.place();
  if (place_.exchange(place) != place) wake_();
}

void ImageExchange::work() {
  Worker worker(system_.x11_window);
  double due_s = -1;
  for (;;) {
    const int wait_ms = due_s < 0 ? -1 : static_cast<int>(std::ceil(std::max(0.0, due_s - now_s()) * 1000));
    // Without a connection only calls are waited for.
    pollfd ready[] = {{wakes_, POLLIN, 0}, {worker.x11.works() ? worker.x11.descriptor() : -1, POLLIN, 0}};
    ::poll(ready, std::size(ready), wait_ms);
    eventfd_t count = 0;
    ::eventfd_read(wakes_, &count);
    std::vector<Task> tasks;
    {
      const std::lock_guard lock(mutex_);
      if (ends_) return;
      tasks = std::exchange(tasks_, {});
    }
    if (!worker.x11.works()) {
      due_s = -1;
      if (!tasks.empty()) tell(no_connection());
      continue;
    }
    for (const Task& task : tasks) task(worker);
    due_s = step(worker);
    tell_news(worker);
  }
}

}  // namespace kiln
