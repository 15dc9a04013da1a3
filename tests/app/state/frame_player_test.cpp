#include "app/state/frame_player.h"

#include <doctest/doctest.h>

using namespace kiln;

TEST_CASE("frames stand as long as each is to, in the order in which they are played") {
  const std::vector<std::size_t> order{0, 1, 2, 1};
  const std::vector<int> ms{400, 100, 200};
  FramePlayer player;
  CHECK(advance(player, 10.0, order, ms) == doctest::Approx(10.4));
  CHECK(player.at == 0);
  CHECK(advance(player, 10.39, order, ms) == doctest::Approx(10.4));
  CHECK(player.at == 0);
  CHECK(advance(player, 10.41, order, ms) == doctest::Approx(10.5));
  CHECK(player.at == 1);
  CHECK(advance(player, 10.65, order, ms) == doctest::Approx(10.7));  // one was passed over
  CHECK(player.at == 2);
  CHECK(advance(player, 10.75, order, ms) == doctest::Approx(10.8));
  CHECK(player.at == 3);
  CHECK(advance(player, 10.81, order, ms) == doctest::Approx(11.2));
  CHECK(player.at == 0);
  CHECK(advance(player, 99.0, order, ms) == doctest::Approx(99.4));  // the window was not drawn for long
  CHECK(player.at == 0);
  player.at = 9;  // of more frames than there are now
  CHECK(advance(player, 99.1, order, {0, 0, 0}) > 99.1);
}

TEST_CASE("an onion skin: what the frame before had shows faintly where this one is transparent") {
  Image frame(3, 1), before(3, 1);
  frame.rgba = {1, 2, 3, 255, 0, 0, 0, 0, 0, 0, 0, 0};
  before.rgba = {9, 9, 9, 255, 4, 5, 6, 255, 0, 0, 0, 0};
  CHECK(onion_skin(frame, before).rgba == std::vector<std::uint8_t>{1, 2, 3, 255, 4, 5, 6, 89, 0, 0, 0, 0});
}
