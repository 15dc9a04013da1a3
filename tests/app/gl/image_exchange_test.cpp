#include "app/gl/image_exchange.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

constexpr WindowSystem kX11{.x11_window = 7, .can_be_x11 = true};
constexpr WindowSystem kWayland{.x11_window = 0, .can_be_x11 = true};
constexpr WindowSystem kWaylandAlone{.x11_window = 0, .can_be_x11 = false};

TEST_CASE("On X11 images go every way; on Wayland none does, and what to do instead fits the GLFW that is there") {
  for (const ImageWay way : {ImageWay::kCopy, ImageWay::kPaste, ImageWay::kDrag}) {
    CHECK_FALSE(why_no_images(kX11, way));
    const auto both = why_no_images(kWayland, way), alone = why_no_images(kWaylandAlone, way);
    REQUIRE(both);
    REQUIRE(alone);
    CHECK(both->code == ErrorCode::kUnsupported);
    CHECK(both->message.find("Wayland") != std::string::npos);
    CHECK(both->hint.find("XDG_SESSION_TYPE=x11") != std::string::npos);
    CHECK(alone->hint.find("XDG_SESSION_TYPE") == std::string::npos);
    CHECK(alone->hint.find("libglfw3") != std::string::npos);
  }
  CHECK(why_no_images(kWayland, ImageWay::kPaste)->hint.starts_with("drop the image's file on the window"));
  CHECK(why_no_images(kWayland, ImageWay::kDrag)->hint.starts_with("export the sprite"));
}

TEST_CASE("Where images go no way, each try tells so at once, and nothing is begun") {
  int woken = 0;
  ImageExchange exchange(kWayland, [&] { ++woken; });
  exchange.copy({1, 2, 3});
  exchange.paste();
  exchange.drag([] { return std::filesystem::path(); });
  exchange.cancel_drag();
  const std::vector<ExchangeNews> news = exchange.take_news();
  REQUIRE(news.size() == 3);
  const ImageWay ways[] = {ImageWay::kCopy, ImageWay::kPaste, ImageWay::kDrag};
  for (std::size_t i = 0; i < news.size(); ++i) {
    REQUIRE(std::holds_alternative<Error>(news[i]));
    CHECK(std::get<Error>(news[i]).message == why_no_images(kWayland, ways[i])->message);
  }
  CHECK(woken == 3);
  CHECK(exchange.drag_place() == DragPlace::kNowhere);
}

}  // namespace
}  // namespace kiln
