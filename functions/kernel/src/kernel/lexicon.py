"""What events say over and over: words that an outbox need not keep, because whoever reads it knows them.

What is likeliest stands last, where a reference to it is shortest. A list that entries were made with is never changed:
they could be read no more. Other words are another list, and another number in front of the entries (`outbox`).
"""

DEFLATED = (
    b'"lastAction":"review""lastAction":"modify","photos":[]"lastAction":"register","reviewCnt":0,"ratingTotal":0,'
    b'"ratingCount":0,"cancellationPolicy":"flexible""strict""moderate","pricePerNight":{"amount":"maxGuests":'
    b'"minNights":1,"timeZone":"Asia/Seoul","city":"Seoul","title":"","desc":"","hostId":"'
    b'{"id":"","source":"staybook.message","type":"PersonErased""RoomRegistered""RoomModified""RoomBlocked"'
    b'"PaymentCancelled""PaymentDeclined","data":{"payId":"","rsvId":"","status":"declined""cancelled""expired"'
    b'"rejected""completed","reason":null,"refund":null,"fee":null}"refunded":null,"method":null,"paidAt":"'
    b'"source":"staybook.room","type":"RoomCancelled","lastAction":"cancelled","status":"available"'
    b':1","source":"staybook.payment","type":"PaymentApproved","status":"paid","price":{"amount":0000,"currency":"KRW"}'
    b'"type":"ReservationCancelled""ReservationCancelRequested""ReservationRejected""ReservationCompleted"'
    b':1:1","source":"staybook.reservation","type":"ReservationCreated","status":"reqReserve","payId":null,"price":null'
    b',"type":"ReservationConfirmed","guests":2,"status":"reserved","payId":"","price":{"amount":'
    b'"source":"staybook.room","type":"RoomReserved","data":{"roomId":"","rsvId":"","nights":["2026-12-"],'
    b'"status":"reserved","lastAction":"reserved"}","subject":"#2027-0","time":"2026-12-2T0:.000Z","sequence":'
    b',"correlationid":"","data":{"rsvId":"","roomId":"","guestId":"","hostId":"","checkIn":"2027-","checkOut":"2027-'
    b'"},"causationid":"","specversion":"1.0","datacontenttype":"application/json"}'
)

PACKED = (
    b'"type":"RoomDeleted""type":"ReviewCreated""type":"PersonErased","source":"staybook.message""type":"CircuitOpened"'
    b'"reason":"taken","declined","expired","flexible","strict","modify","review","blockId":"\x01'
    b':1:1","source":"staybook.room","type":"RoomModified","type":"RoomBlocked","type":"RoomRegistered","subject":"\x01'
    b'","time":"2026-12-20T0:00:00.000Z","sequence":1,"correlationid":"\x02","data":{"roomId":"\x01","hostId":"\x02'
    b'","desc":"","title":"","city":"Seoul","timeZone":"Asia/Seoul","maxGuests":2,"minNights":1,"pricePerNight":{'
    b'"amount":000,"currency":"KRW"},"cancellationPolicy":"moderate","reviewCnt":0,"ratingTotal":0,"ratingCount":0,'
    b'"lastAction":"register","photos":[]},"specversion":"1.0","datacontenttype":"application/json"}'
    b':1:1","source":"staybook.payment","type":"PaymentDeclined","type":"PaymentCancelled","type":"PaymentApproved",'
    b'"subject":"\x01","time":"","sequence":1,"correlationid":"\x02","data":{"payId":"\x01","rsvId":"\x01",'
    b'"roomId":"\x01","guestId":"\x02","hostId":"\x02","status":"cancelled","status":"paid",'
    b'"price":{"amount":000,"currency":"KRW"},'
    b'"refunded":{"amount":,"currency":"KRW"},"fee":{"amount":0,"currency":"KRW"}},"causationid":"\x01'
    b':2:1","source":"staybook.reservation","type":"ReservationCancelled","type":"ReservationCancelRequested",'
    b'"type":"ReservationRejected","type":"ReservationCompleted","type":"ReservationConfirmed",'
    b'"type":"ReservationCreated","subject":"\x01","time":"2026-12-2T0:00:00.000Z","sequence":2,"correlationid":"\x02'
    b'","data":{"rsvId":"\x01","roomId":"\x01","guestId":"\x02","hostId":"\x02","checkIn":"2027-0-","checkOut":"2027-0-'
    b'","guests":2,"status":"reqCancel""status":"reqReserve","payId":null,"status":"reserved","payId":"\x01'
    b'","price":{"amount":000,"currency":"KRW"},"reason":null,"refund":null,"fee":null},"specversion":"1.0",'
    b'"datacontenttype":"application/json"}\n{"id":"\x01#2027-0:1:1","source":"staybook.room","type":"RoomCancelled",'
    b'"type":"RoomReserved","subject":"\x01#2027-0","time":"2026-12-2T0:00:00.000Z","sequence":1,"correlationid":"\x02'
    b'","data":{"roomId":"\x01","rsvId":"\x01","nights":["2027-0-"],"status":"available","lastAction":"cancelled"}'
    b'"status":"reserved","lastAction":"reserved"},"specversion":"1.0","datacontenttype":"application/json"}\n'
    b'{"id":"\x01'
)
