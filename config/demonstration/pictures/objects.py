"""How each everyday object of the POPE questions is drawn, on a square of 100 by 100.

A drawing is a row of strokes, painted in order and parted by `;`:
`r x0 y0 x1 y1 colour` a filled rectangle, `e …` an ellipse, `o …` an ellipse's outline,
`l x0 y0 x1 y1 colour` a line, `p colour x y x y …` a polygon. The box round an object is
computed from its strokes, so the truth that scripted people are told is what was painted.
"""

DRAWINGS = {
    "airplane": "p silver 5 50 30 42 90 42 98 50 90 58 30 58; p gray 45 50 60 10 70 10 62 50;"
    " p gray 45 55 60 92 70 92 62 55; p gray 6 50 2 28 14 28 22 48",
    "apple": "e 15 25 60 90 red; e 40 25 85 90 red; l 50 30 55 8 saddlebrown; e 55 8 80 22 green",
    "backpack": "o 35 2 65 30 navy; r 20 15 80 92 royalblue; r 30 52 70 84 navy;"
    " r 20 30 80 36 navy",
    "banana": "p gold 5 35 20 60 50 72 80 62 95 30 88 26 72 46 50 52 28 46 12 30;"
    " r 88 20 95 30 saddlebrown",
    "baseball bat": "p peru 5 92 12 98 60 55 95 18 82 6 50 45; e 2 86 14 98 saddlebrown",
    "baseball glove": "e 15 35 85 95 sienna; e 12 10 30 60 sienna; e 32 4 48 60 sienna;"
    " e 50 4 66 60 sienna; e 68 12 86 60 sienna; e 36 52 64 80 peru",
    "bear": "e 15 30 85 95 saddlebrown; e 28 5 72 50 saddlebrown; e 24 2 42 20 saddlebrown;"
    " e 58 2 76 20 saddlebrown; e 40 28 60 44 tan; e 38 18 43 24 black; e 57 18 62 24 black",
    "bed": "r 4 20 12 90 saddlebrown; r 88 45 96 90 saddlebrown; r 8 55 92 78 white;"
    " r 8 62 92 78 steelblue; r 14 44 36 56 ivory",
    "bench": "r 5 30 95 40 peru; r 5 50 95 60 peru; r 12 60 20 92 dimgray; r 80 60 88 92 dimgray",
    "bicycle": "o 2 45 42 95 black; o 58 45 98 95 black; l 22 70 40 35 crimson;"
    " l 40 35 70 35 crimson; l 70 35 78 70 crimson; l 22 70 52 70 crimson;"
    " l 52 70 70 35 crimson; l 30 30 46 30 black; l 66 24 78 24 black",
    "bird": "e 20 35 75 75 skyblue; e 60 18 88 46 skyblue; p orange 86 28 99 33 86 38;"
    " p steelblue 22 50 2 35 4 62; l 45 74 43 95 orange; l 55 74 57 95 orange;"
    " e 74 26 79 31 black",
    "boat": "p firebrick 5 65 95 65 80 92 20 92; r 48 8 52 65 saddlebrown;"
    " p white 54 10 54 60 88 60; p ivory 46 18 46 60 20 60",
    "book": "p maroon 5 25 50 35 50 90 5 80; p firebrick 95 25 50 35 50 90 95 80;"
    " l 50 35 50 90 white",
    "bottle": "r 40 5 60 18 darkgreen; r 42 18 58 34 green; e 28 28 72 50 green;"
    " r 28 40 72 95 green; r 28 55 72 78 ivory",
    "bowl": "e 5 35 95 65 lightgray; p teal 5 50 95 50 72 90 28 90; e 10 40 90 60 ivory",
    "broccoli": "r 42 50 58 95 yellowgreen; e 10 20 50 62 green; e 50 20 90 62 green;"
    " e 28 4 72 50 forestgreen",
    "bus": "r 3 20 97 78 orange; r 8 28 24 48 lightcyan; r 28 28 44 48 lightcyan;"
    " r 48 28 64 48 lightcyan; r 68 28 84 48 lightcyan; e 14 66 34 90 black; e 66 66 86 90 black",
    "cake": "r 12 45 88 92 pink; r 12 45 88 58 white; r 47 22 53 45 red; e 46 8 54 22 gold",
    "car": "r 2 48 98 76 red; p red 20 48 34 24 68 24 84 48;"
    " p lightcyan 28 46 38 29 50 29 50 46; p lightcyan 54 46 54 29 65 29 75 46;"
    " e 14 62 36 88 black; e 64 62 86 88 black",
    "carrot": "p darkorange 30 25 70 25 50 98; e 30 16 70 34 darkorange;"
    " p green 50 22 30 2 46 4; p green 50 22 54 1 70 4",
    "cat": "e 25 45 75 97 gray; e 28 15 72 55 gray; p gray 30 28 28 2 46 18;"
    " p gray 70 28 72 2 54 18; e 38 28 44 36 yellow; e 56 28 62 36 yellow; e 47 38 53 43 pink;"
    " l 74 85 96 50 gray",
    "cell phone": "r 30 4 70 96 black; r 34 12 66 82 deepskyblue; e 46 85 54 93 white",
    "chair": "r 22 5 30 95 saddlebrown; r 22 8 66 40 peru; r 22 50 78 60 saddlebrown;"
    " r 70 60 78 95 saddlebrown",
    "clock": "e 8 8 92 92 black; e 14 14 86 86 white; l 50 50 50 22 black; l 50 50 70 60 black;"
    " e 46 46 54 54 red",
    "couch": "r 5 40 20 85 purple; r 80 40 95 85 purple; r 14 25 86 60 mediumpurple;"
    " r 14 55 86 80 purple; r 12 85 20 94 black; r 80 85 88 94 black",
    "cow": "e 15 30 80 72 white; e 30 35 50 55 black; e 55 45 72 62 black; e 72 18 98 46 white;"
    " r 22 65 30 96 white; r 64 65 72 96 white; e 84 34 98 46 pink; e 82 24 86 29 black",
    "cup": "r 20 25 68 88 blue; o 60 36 92 72 blue; e 20 18 68 34 lightsteelblue",
    "dining table": "e 4 30 96 56 burlywood; r 46 50 54 90 saddlebrown; r 28 88 72 95 saddlebrown",
    "dog": "e 12 45 70 82 chocolate; e 58 18 92 52 chocolate; e 54 20 66 54 saddlebrown;"
    " r 18 75 27 97 chocolate; r 56 75 65 97 chocolate; l 14 55 2 32 chocolate;"
    " e 86 34 97 44 black; e 74 28 79 34 black",
    "donut": "e 5 15 95 85 hotpink; e 36 38 64 62 white; l 20 35 26 40 yellow;"
    " l 70 30 76 25 blue; l 25 65 32 70 lime; l 72 66 78 60 yellow",
    "elephant": "e 18 25 80 78 slategray; e 62 15 96 58 slategray; e 56 18 76 54 gray;"
    " r 88 45 96 88 slategray; r 24 70 36 97 slategray; r 60 70 72 97 slategray;"
    " e 82 28 86 33 black",
    "fire hydrant": "r 30 30 70 90 red; e 30 14 70 46 red; r 20 88 80 97 firebrick;"
    " r 14 46 86 60 firebrick; e 40 44 60 64 gold; r 44 6 56 18 gold",
    "fork": "r 46 45 54 97 silver; r 34 34 66 46 silver; r 34 4 40 36 silver;"
    " r 47 4 53 36 silver; r 60 4 66 36 silver",
    "frisbee": "e 4 34 96 66 limegreen; e 18 39 82 59 green",
    "giraffe": "e 25 50 72 76 goldenrod; p goldenrod 60 58 72 58 88 12 78 10;"
    " e 76 4 99 20 goldenrod; r 30 70 36 98 goldenrod; r 60 70 66 98 goldenrod;"
    " e 36 54 44 62 saddlebrown; e 50 60 58 68 saddlebrown; e 74 30 80 38 saddlebrown",
    "handbag": "o 26 5 74 60 darkred; p crimson 12 40 88 40 96 92 4 92; r 44 46 56 56 gold",
    "horse": "e 14 38 72 70 sienna; p sienna 60 48 72 54 90 16 78 10; e 74 6 99 26 sienna;"
    " r 20 62 27 97 sienna; r 60 62 67 97 sienna; p black 62 44 76 8 80 12 68 48;"
    " l 15 48 3 78 black",
    "hot dog": "e 4 30 96 72 burlywood; e 1 40 99 60 firebrick; l 10 50 90 50 gold",
    "keyboard": "r 2 32 98 70 dimgray; r 7 38 93 44 white; r 7 48 93 54 white; r 22 59 78 65 white",
    "kite": "p magenta 50 2 84 38 50 72 16 38; p orange 50 2 84 38 50 38; l 50 72 40 84 black;"
    " l 40 84 56 97 black",
    "knife": "p silver 46 4 60 20 60 60 46 60; r 46 60 58 97 saddlebrown",
    "laptop": "r 18 15 82 65 dimgray; r 23 20 77 60 deepskyblue; p silver 18 66 82 66 97 86 3 86",
    "microwave": "r 2 25 98 82 silver; r 8 32 68 74 black; r 74 32 92 40 lime; e 78 52 88 64 gray",
    "motorcycle": "e 2 52 36 92 black; e 12 62 26 80 silver; e 64 52 98 92 black;"
    " e 74 62 88 80 silver; p darkblue 24 60 40 36 70 36 80 66 50 74; l 72 40 64 18 black;"
    " l 56 18 70 18 black; r 22 38 44 46 black",
    "mouse": "e 30 30 70 96 lightgray; l 50 32 50 60 black; e 46 42 54 54 black;"
    " l 50 30 60 4 black",
    "orange": "e 10 14 90 94 orange; e 44 10 56 20 green",
    "oven": "r 10 5 90 95 gainsboro; r 10 5 90 25 gray; e 18 10 28 20 black;"
    " e 36 10 46 20 black; e 54 10 64 20 black; r 20 40 80 85 black; r 20 32 80 36 silver",
    "parking meter": "r 46 50 54 98 gray; r 32 14 68 54 slategray; e 32 2 68 30 slategray;"
    " r 40 18 60 32 white; r 48 38 52 48 black",
    "person": "e 36 2 64 28 peachpuff; r 32 30 68 64 teal; r 22 32 31 62 peachpuff;"
    " r 69 32 78 62 peachpuff; r 34 64 48 97 navy; r 52 64 66 97 navy",
    "pizza": "p tan 4 18 96 18 50 98; p gold 10 26 90 26 50 92; e 36 32 48 44 red;"
    " e 56 34 68 46 red; e 46 54 58 66 red",
    "potted plant": "p sienna 28 62 72 62 64 97 36 97; e 36 20 64 64 forestgreen;"
    " e 10 22 48 52 green; e 52 22 90 52 green; e 38 3 62 40 limegreen",
    "refrigerator": "r 24 3 76 97 whitesmoke; l 24 36 76 36 gray; r 66 14 70 30 gray;"
    " r 66 44 70 64 gray; o 24 3 76 97 whitesmoke",
    "remote": "r 36 4 64 96 black; e 44 10 56 20 red; e 42 30 48 36 white; e 52 30 58 36 white;"
    " e 42 44 48 50 white; e 52 44 58 50 white; e 42 58 48 64 white; e 52 58 58 64 white",
    "sandwich": "p wheat 4 30 96 30 88 44 12 44; r 8 44 92 52 green; r 8 52 92 60 tomato;"
    " r 8 60 92 66 gold; p wheat 8 66 92 66 96 82 4 82",
    "scissors": "p silver 30 2 38 2 60 62 52 62; p silver 70 2 62 2 40 62 48 62;"
    " o 22 60 48 96 red; o 52 60 78 96 red; e 46 46 54 54 black",
    "sheep": "e 12 25 78 72 white; e 24 16 52 44 white; e 44 16 72 44 white;"
    " e 70 22 96 56 dimgray; r 24 66 31 95 dimgray; r 58 66 65 95 dimgray; e 82 30 87 36 white",
    "sink": "r 4 55 96 66 lightgray; p white 12 66 88 66 74 94 26 94; r 46 20 54 55 silver;"
    " r 46 14 74 22 silver; r 68 22 74 34 silver",
    "skateboard": "p orangered 2 40 12 52 88 52 98 40 98 46 90 60 10 60 2 46;"
    " e 16 60 32 76 black; e 68 60 84 76 black",
    "skis": "p red 24 98 34 98 36 12 28 2 24 12; p red 66 98 76 98 76 12 72 2 64 12",
    "snowboard": "e 34 2 66 36 dodgerblue; r 34 18 66 82 dodgerblue; e 34 64 66 98 dodgerblue;"
    " r 40 30 60 38 black; r 40 62 60 70 black",
    "spoon": "e 34 3 66 44 silver; r 46 40 54 97 silver",
    "sports ball": "e 8 8 92 92 white; o 8 8 92 92 black; p black 50 34 66 46 60 64 40 64 34 46;"
    " l 50 34 50 10 black; l 66 46 90 40 black; l 34 46 10 40 black",
    "stop sign": "r 46 50 54 98 gray; p red 34 2 66 2 84 20 84 44 66 62 34 62 16 44 16 20;"
    " r 26 26 74 38 white",
    "suitcase": "o 38 4 62 34 black; r 12 22 88 90 brown; r 12 40 88 46 tan; r 12 68 88 74 tan;"
    " e 18 88 30 97 black; e 70 88 82 97 black",
    "surfboard": "e 36 2 64 98 aqua; l 50 4 50 96 white",
    "teddy bear": "e 22 42 78 92 burlywood; e 28 8 72 52 burlywood; e 22 4 42 24 burlywood;"
    " e 58 4 78 24 burlywood; e 8 46 34 66 burlywood; e 66 46 92 66 burlywood;"
    " e 16 80 42 98 burlywood; e 58 80 84 98 burlywood; e 38 24 43 30 black;"
    " e 57 24 62 30 black; e 45 34 55 42 black",
    "tennis racket": "o 22 2 78 62 black; l 36 8 36 56 gray; l 50 4 50 60 gray;"
    " l 64 8 64 56 gray; l 24 24 76 24 gray; l 24 42 76 42 gray; r 46 60 54 97 saddlebrown",
    "tie": "p crimson 40 4 60 4 56 18 44 18; p crimson 44 18 56 18 66 80 50 97 34 80",
    "toaster": "r 10 35 90 88 silver; r 24 14 44 38 wheat; r 56 14 76 38 wheat;"
    " r 84 48 92 62 black",
    "toilet": "r 20 5 50 50 white; r 20 5 50 12 gray; e 24 42 86 70 white;"
    " e 34 46 78 62 lightgray; p white 34 62 74 62 66 95 38 95",
    "toothbrush": "r 10 44 98 56 deeppink; r 10 26 34 44 white",
    "traffic light": "r 30 3 70 80 black; e 40 8 60 28 red; e 40 32 60 52 yellow;"
    " e 40 56 60 76 lime; r 46 80 54 98 gray",
    "train": "r 4 18 80 78 seagreen; p seagreen 80 18 98 60 98 78 80 78;"
    " r 12 28 30 48 lightcyan; r 36 28 54 48 lightcyan; r 60 28 78 48 lightcyan;"
    " e 12 72 28 90 black; e 42 72 58 90 black; e 74 72 90 90 black",
    "truck": "r 2 20 60 72 darkslateblue; r 62 36 96 72 crimson; r 70 42 90 56 lightcyan;"
    " e 10 64 30 88 black; e 66 64 86 88 black",
    "tv": "r 4 14 96 76 black; r 10 20 90 70 cornflowerblue; r 40 76 60 86 black;"
    " r 26 86 74 92 black",
    "umbrella": "p crimson 4 50 16 22 50 6 84 22 96 50; r 48 4 52 90 saddlebrown;"
    " r 38 86 52 92 saddlebrown",
    "vase": "e 22 30 78 90 mediumorchid; r 40 12 60 40 mediumorchid; e 34 6 66 18 plum;"
    " r 34 88 66 96 mediumorchid",
    "wine glass": "e 26 2 74 54 darkred; r 47 50 53 90 lightgray; e 28 86 72 97 lightgray",
    "zebra": "e 16 34 74 70 white; p white 62 46 74 52 90 16 78 10; e 74 6 99 26 white;"
    " r 22 62 29 97 white; r 60 62 67 97 white; r 28 38 32 66 black; r 40 35 44 69 black;"
    " r 52 36 56 68 black; r 62 42 66 62 black; r 80 14 83 30 black; e 92 12 98 22 black",
}
